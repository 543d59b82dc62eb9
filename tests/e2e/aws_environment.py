"""The environment that `make deploy` created on AWS, and that others may be using.

The tests deploy and destroy nothing. The settings select the environment, and the
shell's credentials the account.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError

import tidemark.environment
from infra.settings import Settings, SettingsError, load_settings
from tests.e2e.clients import Clients
from tests.e2e.environment import Environment
from tidemark.machine.errors import ToolError


@contextmanager
def environment() -> Iterator[Environment]:
    """Yield the environment, or exit with one line if it cannot be reached."""
    settings, outputs = _found()
    with (
        closing(Clients(settings)) as clients,
        httpx.Client(timeout=30) as http,
    ):
        yield Environment(settings, clients, outputs, http)


def _found() -> tuple[Settings, dict[str, str]]:
    try:
        settings = load_settings()
        outputs = tidemark.environment.Environment(settings).outputs()
        _check_that_it_answers(settings, outputs)
    except (SettingsError, ToolError, BotoCoreError, ClientError) as error:
        pytest.exit(str(error), returncode=1)
    # For a stage that is reached by another URL: a custom domain, a tunnel.
    webhook_url = os.environ.get("E2E_WEBHOOK_URL") or outputs["webhook_url"]
    return settings, outputs | {"webhook_url": webhook_url}


def _check_that_it_answers(settings: Settings, outputs: dict[str, str]) -> None:
    with closing(Clients(settings)) as clients:
        clients("dynamodb").describe_table(TableName=outputs["prices_table_name"])
