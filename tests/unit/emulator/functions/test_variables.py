"""A function has the variables that AWS sets, and none of this machine."""

from pathlib import Path

from tidemark_localstack.functions.variables import (
    function_variables,
    process_variables,
)


def variables(platform: dict[str, object], **own: str) -> dict[str, str]:
    return function_variables(
        platform,
        own,
        task_root=Path("/task"),
        python=Path("/runtime/bin/python"),
        runtime="python3.13",
    )


def test_only_the_variables_that_aws_sets_are_passed_on() -> None:
    made = variables(
        {
            "AWS_REGION": "us-east-1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": 512,
            "LOCALSTACK_RUNTIME_ID": "x",
            "EDGE_PORT": "4566",
        }
    )

    assert made["AWS_REGION"] == "us-east-1"
    assert made["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert made.keys().isdisjoint({"LOCALSTACK_RUNTIME_ID", "EDGE_PORT"})


def test_a_function_has_its_own_variables() -> None:
    assert variables({}, PRICES_TABLE="crypto-prices")["PRICES_TABLE"] == (
        "crypto-prices"
    )


def test_the_task_and_the_runtime_are_named_as_on_aws() -> None:
    made = variables({})

    assert made["LAMBDA_TASK_ROOT"] == "/task"
    assert made["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert made["PATH"].startswith("/runtime/bin:")


def test_a_process_has_a_home_and_temporary_folder_of_its_own() -> None:
    made = process_variables(
        {"TZ": ":UTC"}, api="127.0.0.1:1", telemetry_fd=5, scratch=Path("/scratch")
    )

    assert made == {
        "TZ": ":UTC",
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1",
        "HOME": "/scratch",
        "TMPDIR": "/scratch",
        "_LAMBDA_TELEMETRY_LOG_FD": "5",
    }
