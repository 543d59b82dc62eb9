"""Serve one account.

LocalStack: treats an access key of twelve digits as the number of an account.
Here: all credentials belong to the one account.

localstack/aws/accounts.py
"""

from collections.abc import Callable

from localstack.aws.handlers import auth
from localstack.config import INTERNAL_RESOURCE_ACCOUNT
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.utils.aws import request_context

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    for module in (auth, request_context):
        wrap(module, "get_account_id_from_access_key_id", account_id)


def account_id(original: Callable[[str], str], access_key_id: str) -> str:
    # LocalStack stores its internal resources, such as archives, in another account.
    found = original(access_key_id)
    return found if found == INTERNAL_RESOURCE_ACCOUNT else DEFAULT_AWS_ACCOUNT_ID
