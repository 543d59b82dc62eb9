"""The same environment and fakes as for unit tests, and the real DynamoDB Local."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integration.dynamodb import fresh_table, running_dynamodb
from tests.unit.conftest import (  # noqa: F401 (fixtures)
    context,
    log_lines_go_to_stdout,
    no_pauses,
    sns,
    sqs,
)
from tidemark_localstack import child_processes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session", autouse=True)
def child_process_watcher() -> Iterator[None]:
    """Stop the watcher process, which `child_processes.spawn` starts, at the end."""
    yield
    child_processes.stop_watcher()


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[DynamoDBClient]:
    """A client of the real DynamoDB Local."""
    with running_dynamodb() as client:
        yield client


@pytest.fixture
def table(dynamodb: DynamoDBClient) -> Iterator[str]:
    """The name of an empty table, keyed by `symbol` and `timestamp`."""
    with fresh_table(dynamodb) as name:
        yield name
