import pytest
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from services.aws.clients import client, error_code
from tests.unit.fakes import refusal


def test_a_client_retries_with_jitter_and_gives_up_before_its_function_does() -> None:
    config = client("dynamodb").meta.config

    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
    assert (config.connect_timeout, config.read_timeout) == (3, 10)


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
