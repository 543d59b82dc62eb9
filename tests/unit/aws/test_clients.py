import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from services.aws import clients
from services.aws.clients import client, error_code
from services.aws.concurrency import WORKERS
from tests.unit.fakes import refusal


def test_a_client_retries_with_jitter_and_gives_up_before_its_function_does() -> None:
    config = client("dynamodb").meta.config

    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
    assert (config.connect_timeout, config.read_timeout) == (3, 10)


def test_a_client_has_a_connection_for_each_concurrent_call() -> None:
    assert client("dynamodb").meta.config.max_pool_connections == WORKERS


def test_a_lazy_client_is_made_once_and_only_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []
    monkeypatch.setattr(clients, "client", lambda name: made.append(name) or "a queue")

    lazy = clients.LazyClient("sqs")
    before = list(made)
    first, second = lazy.upper(), lazy.upper()

    assert (before, made) == ([], ["sqs"])
    assert first == second == "A QUEUE"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (refusal("Query", "AccessDeniedException"), "AccessDeniedException"),
        (ReadTimeoutError(endpoint_url="http://lost"), "ReadTimeoutError"),
    ],
)
def test_an_error_has_the_code_of_aws_or_else_of_botocore(
    error: BotoCoreError | ClientError, code: str
) -> None:
    assert error_code(error) == code
