import pytest

from tests.infra.synthesised import Stack, ref

LOG_FORWARDER = ref("aws_lambda_function", "log-forwarder", "arn")


@pytest.mark.parametrize(
    "name", ["webhook-processor", "price-enricher", "data-processor", "notifier"]
)
def test_error_lines_of_a_function_go_to_the_log_forwarder(
    local: Stack, name: str
) -> None:
    group = f"{name}-logs"
    subscription = local.one(
        "aws_cloudwatch_log_subscription_filter",
        log_group_name=ref("aws_cloudwatch_log_group", group, "name"),
    )
    permission = local.one(
        "aws_lambda_permission",
        source_arn=ref("aws_cloudwatch_log_group", group, "arn") + ":*",
    )

    assert subscription["filter_pattern"] == (
        "?ERROR ?Error ?error ?exception ?Exception"
    )
    assert subscription["destination_arn"] == LOG_FORWARDER
    assert subscription["depends_on"] == [
        f"aws_lambda_permission.error-lines-{name}-permission"
    ]
    assert permission["function_name"] == LOG_FORWARDER
    assert permission["principal"] == "logs.amazonaws.com"
    assert permission["action"] == "lambda:InvokeFunction"


def test_the_log_forwarder_is_not_fed_its_own_lines(local: Stack) -> None:
    subscriptions = local.all("aws_cloudwatch_log_subscription_filter")
    groups = {subscription["log_group_name"] for subscription in subscriptions}

    assert len(subscriptions) == 4
    assert ref("aws_cloudwatch_log_group", "log-forwarder-logs", "name") not in groups
