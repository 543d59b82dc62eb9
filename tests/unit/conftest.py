"""The environment variables of the functions, fakes of AWS, and a ban on processes.

Handlers read the environment when they are imported, so it is set here, before that.
Unit tests must stay fast, so a test that starts a process belongs in
`tests/integration`, and fails here.
"""

import logging
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.unit.fakes import FakeContext, FakeQueueService, FakeTopicService

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
    RULES_TABLE="alert-rules-unit",
    STATES_TABLE="alert-states-unit",
    MARKET_DATA_QUEUE_URL=f"{QUEUES}/market-data-unit",
    QUARANTINE_QUEUE_URL=f"{QUEUES}/quarantine-unit",
    TRADING_ALERTS_TOPIC_ARN=f"{TOPICS}:trading-alerts-unit",
    PIPELINE_ERRORS_TOPIC_ARN=f"{TOPICS}:pipeline-errors-unit",
    ALERT_CHANNELS_SECRET_ARN="arn:aws:secretsmanager:us-east-1:000000000000:secret:a",
    NOTIFICATIONS_QUEUE_URL=f"{QUEUES}/notifications-unit",
    NOTIFICATIONS_DLQ_URL=f"{QUEUES}/notifications-dlq-unit",
    CHANNEL_TEST_HOSTS="",
    RAW_DATA_MAX="512",
    VOLATILITY_WINDOW="50",
    PRICE_HIGH="150",
    PRICE_LOW="50",
    PRICE_MARKS="",
    ALERT_MODE="every",
    ALERT_MAX_AGE_S="3600",
)
settings.register_profile(  # no test depends on its time
    "unit", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unit")

HERE = Path(__file__).parent
# Audit events of Python: https://docs.python.org/3.13/library/audit_events.html
PROCESS_STARTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "subprocess.Popen",
}
_running_unit_tests: set[str] = set()


def _refuse_processes(event: str, arguments: tuple[Any, ...]) -> None:
    if _running_unit_tests and event in PROCESS_STARTS:
        command = arguments[0] if arguments else ""
        pytest.fail(
            f"a unit test started a process ({event} {command}): "
            "move it to tests/integration"
        )


sys.addaudithook(_refuse_processes)  # stays for ever: Python cannot remove a hook


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Refuse processes from the setup of a unit test to its teardown.

    pytest calls this hook for the tests of all folders.
    """
    if item.path.is_relative_to(HERE):
        _running_unit_tests.add(item.nodeid)
    try:
        return (yield)
    finally:
        _running_unit_tests.discard(item.nodeid)


class CurrentStdout:
    """Standard output as it is at each write: pytest has one for each test."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)


@pytest.fixture(scope="session", autouse=True)
def log_lines_go_to_stdout() -> None:
    """Make `capsys` capture what a function writes: log lines and metrics."""
    from services.aws.telemetry import logger  # reads the environment above

    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    handler.stream = CurrentStdout()


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
