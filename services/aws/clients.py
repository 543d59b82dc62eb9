"""boto3 clients with one configuration: standard retries, short time-outs."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# What a call raises once its own attempts are spent.
AWS_ERRORS = (BotoCoreError, ClientError)

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=10,
)


def client(service: Any) -> Any:
    """Create a client; done once per process, at the top of a `handler.py`."""
    return boto3.client(service, config=CONFIG)


def error_code(error: BotoCoreError | ClientError) -> str:
    """AWS's error code, such as `AccessDeniedException`, or the name of botocore's
    error if there was no response.
    """
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"]
    return type(error).__name__
