"""LocalStack's environment variables do not depend on the caller's."""

from pathlib import Path

from tidemark_localstack.settings import localstack_environment


def environment(**caller: str) -> dict[str, str]:
    return localstack_environment(
        caller,
        port=4599,
        runtime_python=Path("/runtime/python"),
        state_dir=Path("/state"),
    )


def test_it_listens_on_this_machine_only() -> None:
    listen = environment()["GATEWAY_LISTEN"].split(",")

    assert {"127.0.0.1:4599"} <= {*listen} <= {"127.0.0.1:4599", "[::1]:4599"}


def test_queue_urls_resolve_without_dns() -> None:
    made = environment()

    assert made["LOCALSTACK_HOST"] == "localhost:4599"
    assert made["SQS_ENDPOINT_STRATEGY"] == "off"


def test_the_delay_between_retries_can_be_set() -> None:
    assert environment()["LAMBDA_RETRY_BASE_DELAY"] == "1"
    assert environment(LAMBDA_RETRY_BASE_DELAY="60")["LAMBDA_RETRY_BASE_DELAY"] == "60"


def test_faults_of_dynamodb_can_be_set() -> None:
    made = environment(DYNAMODB_WRITE_ERROR_PROBABILITY="0.5")

    assert made["DYNAMODB_WRITE_ERROR_PROBABILITY"] == "0.5"


def test_fixed_settings_cannot_be_overridden() -> None:
    made = environment(LAMBDA_RUNTIME_EXECUTOR="docker", GATEWAY_LISTEN="0.0.0.0:80")

    assert made["LAMBDA_RUNTIME_EXECUTOR"] == "process"
    assert "0.0.0.0" not in made["GATEWAY_LISTEN"]


def test_the_callers_aws_and_proxy_settings_are_dropped() -> None:
    made = environment(AWS_PROFILE="work", SERVICES="s3", HTTP_PROXY="p", PATH="/bin")

    assert made.keys().isdisjoint({"AWS_PROFILE", "SERVICES", "HTTP_PROXY"})
    assert made["PATH"] == "/bin"


def test_everything_is_written_below_the_state_folder() -> None:
    made = environment(XDG_CACHE_HOME="/home/me/.cache")

    assert made["FILESYSTEM_ROOT"] == "/state/localstack"
    assert made["XDG_CACHE_HOME"] == "/state/cache"
