"""The environment that the functions run in, and what stands in for AWS.

Handlers read their environment when they are imported, so it is set here, before.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.unit.dynamodb import fresh_table, running_dynamodb
from tests.unit.fakes import FakeContext, FakeQueueService, FakeTopicService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

QUEUES = "http://sqs.us-east-1.localhost:4566/000000000000"
TOPICS = "arn:aws:sns:us-east-1:000000000000"

os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="unit-function",
    POWERTOOLS_METRICS_NAMESPACE="Tidemark",
    POWERTOOLS_LOG_LEVEL="INFO",
    PRICES_TABLE="crypto-prices-unit",
    ALERTS_TABLE="market-alerts-unit",
    MARKET_DATA_QUEUE_URL=f"{QUEUES}/market-data-unit",
    QUARANTINE_QUEUE_URL=f"{QUEUES}/quarantine-unit",
    TRADING_ALERTS_TOPIC_ARN=f"{TOPICS}:trading-alerts-unit",
    PIPELINE_ERRORS_TOPIC_ARN=f"{TOPICS}:pipeline-errors-unit",
    RAW_DATA_MAX="512",
    VOLATILITY_WINDOW="50",
    PRICE_HIGH="150",
    PRICE_LOW="50",
    PRICE_MARKS="",
)
settings.register_profile("unit", deadline=None)  # no test depends on its time
settings.load_profile("unit")


class CurrentStdout:
    """Standard output as it is at each write: pytest has one for each test."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)


@pytest.fixture(scope="session", autouse=True)
def log_lines_go_to_stdout() -> None:
    """`capsys` sees what a function writes: log lines and metrics."""
    from services.aws.telemetry import logger  # reads the environment above

    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    handler.stream = CurrentStdout()


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


@pytest.fixture
def sqs() -> FakeQueueService:
    return FakeQueueService()


@pytest.fixture
def sns() -> FakeTopicService:
    return FakeTopicService()


@pytest.fixture
def context() -> FakeContext:
    return FakeContext()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries follow each other at once."""
    monkeypatch.setattr("services.aws.backoff.FIRST_DELAY_S", 0.0)
