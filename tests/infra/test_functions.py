import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.infra.synthesised import Stack, ref

FUNCTIONS = [
    "webhook-processor",
    "price-enricher",
    "data-processor",
    "notifier",
    "log-forwarder",
]

KEY = ref("aws_kms_key", "key", "arn")
PRICES = ref("aws_dynamodb_table", "crypto-prices", "arn")
PRICES_STREAM = ref("aws_dynamodb_table", "crypto-prices", "stream_arn")
RULES = ref("aws_dynamodb_table", "alert-rules", "arn")
STATES = ref("aws_dynamodb_table", "alert-states", "arn")
ALERTS = ref("aws_dynamodb_table", "market-alerts", "arn")


def queue(name: str, attribute: str = "arn") -> str:
    return ref("aws_sqs_queue", name, attribute)


def topic(name: str) -> str:
    return ref("aws_sns_topic", name, "arn")


def always(function: str) -> dict[str, set[str]]:
    logs = ref("aws_cloudwatch_log_group", f"{function}-logs", "arn")
    return {
        "logs:CreateLogStream": {f"{logs}:*"},
        "logs:PutLogEvents": {f"{logs}:*"},
        "kms:Decrypt": {KEY},
        "kms:GenerateDataKey": {KEY},
    }


@pytest.mark.parametrize(
    ("name", "memory_mb", "concurrency"),
    [
        ("webhook-processor", 1024, 10),
        ("price-enricher", 512, 10),
        ("data-processor", 3072, 5),
        ("notifier", 256, 2),
        ("log-forwarder", 128, 2),
    ],
)
def test_each_function_has_its_size_and_its_reserved_concurrency(
    local: Stack, name: str, memory_mb: int, concurrency: int
) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")

    assert function["memory_size"] == memory_mb
    assert function["reserved_concurrent_executions"] == concurrency


def test_concurrency_is_not_reserved_where_it_is_switched_off(aws: Stack) -> None:
    functions = aws.all("aws_lambda_function")

    assert {f["reserved_concurrent_executions"] for f in functions} == {-1}


def test_the_memory_of_the_data_processor_is_a_setting(aws: Stack) -> None:
    function = aws.one("aws_lambda_function", function_name="data-processor-blue")

    assert function["memory_size"] == 3008


def test_there_are_five_functions(local: Stack) -> None:
    names = {f["function_name"] for f in local.all("aws_lambda_function")}

    assert names == {f"{name}-blue" for name in FUNCTIONS}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_all_functions_have_the_same_platform_and_an_encrypted_environment(
    local: Stack, name: str
) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")

    assert function["runtime"] == "python3.13"
    assert function["architectures"] == ["arm64"]
    assert function["timeout"] == 60
    assert function["kms_key_arn"] == KEY
    assert function["handler"] == (
        f"services.{name.replace('-', '_')}.handler.lambda_handler"
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_waits_for_its_policy_and_its_log_group(
    local: Stack, name: str
) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")

    assert set(function["depends_on"]) == {
        f"aws_iam_role_policy.{name}-policy",
        f"aws_cloudwatch_log_group.{name}-logs",
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_a_role_of_its_own_that_only_lambda_assumes(
    local: Stack, name: str
) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")
    role = local.one("aws_iam_role", name=f"{name}-us-east-1-blue")

    assert function["role"] == ref("aws_iam_role", f"{name}-role", "arn")
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ]
    assert "inline_policy" not in role


def test_environments_of_one_suffix_in_two_regions_share_no_role(
    local: Stack, aws: Stack
) -> None:
    def names(stack: Stack) -> set[str]:
        return {role["name"] for role in stack.all("aws_iam_role")}

    assert names(local).isdisjoint(names(aws))


def test_the_longest_name_of_a_role_is_one_that_iam_accepts(local: Stack) -> None:
    longest = max(len(role["name"]) for role in local.all("aws_iam_role"))
    to_spare = len("s" * 20) - len("blue") + len("ap-southeast-1") - len("us-east-1")

    assert longest + to_spare <= 64


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_log_group_is_encrypted_and_kept_exactly_three_days(
    local: Stack, name: str
) -> None:
    group = local.one("aws_cloudwatch_log_group", name=f"/aws/lambda/{name}-blue")

    assert group["retention_in_days"] == 3
    assert group["kms_key_id"] == KEY


def test_the_webhook_processor_may_do_this_and_no_more(local: Stack) -> None:
    assert local.may("webhook-processor") == always("webhook-processor") | {
        "dynamodb:PartiQLInsert": {PRICES},
        "dynamodb:BatchGetItem": {PRICES},
        "sqs:SendMessage": {queue("webhook-processor-dlq")},
        "sns:Publish": {topic("price-updates-success")},
    }


def test_the_price_enricher_may_do_this_and_no_more(local: Stack) -> None:
    assert local.may("price-enricher") == always("price-enricher") | {
        "dynamodb:DescribeStream": {PRICES_STREAM},
        "dynamodb:GetRecords": {PRICES_STREAM},
        "dynamodb:GetShardIterator": {PRICES_STREAM},
        "dynamodb:ListStreams": {"*"},
        "dynamodb:Query": {PRICES},
        "dynamodb:PartiQLUpdate": {PRICES},
        "sqs:SendMessage": {queue("market-data"), queue("price-enricher-dlq")},
    }


def test_the_data_processor_may_do_this_and_no_more(local: Stack) -> None:
    market_data = queue("market-data")

    assert local.may("data-processor") == always("data-processor") | {
        "sqs:ChangeMessageVisibility": {market_data},
        "sqs:DeleteMessage": {market_data},
        "sqs:GetQueueAttributes": {market_data},
        "sqs:ReceiveMessage": {market_data},
        "dynamodb:PartiQLSelect": {RULES},
        "dynamodb:PartiQLInsert": {ALERTS, STATES},
        "dynamodb:PartiQLUpdate": {ALERTS, STATES},
        "dynamodb:PutItem": {ALERTS, STATES},
        "dynamodb:BatchGetItem": {ALERTS, STATES},
        "dynamodb:Query": {ALERTS, PRICES},
        "sns:Publish": {topic("trading-alerts")},
    }


def test_the_notifier_may_do_this_and_no_more(local: Stack) -> None:
    notifications = queue("notifications")

    assert local.may("notifier") == always("notifier") | {
        "secretsmanager:GetSecretValue": {
            ref("aws_secretsmanager_secret", "alert-channels", "arn")
        },
        "sqs:ChangeMessageVisibility": {notifications},
        "sqs:DeleteMessage": {notifications},
        "sqs:GetQueueAttributes": {notifications},
        "sqs:ReceiveMessage": {notifications},
        "sqs:SendMessage": {notifications, queue("notifications-dlq")},
    }


def test_the_log_forwarder_may_do_this_and_no_more(local: Stack) -> None:
    assert local.may("log-forwarder") == always("log-forwarder") | {
        "sns:Publish": {topic("pipeline-errors")},
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_no_test_sees_taken_is_explained_beside_the_policy(
    local: Stack, name: str
) -> None:
    policy = local.one("aws_iam_role_policy", name=f"{name}-us-east-1-blue")

    explained = policy["//"].get("exceptions", {}).keys()
    assert explained == ({"dynamodb:ListStreams"} & local.may(name).keys())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_policy_has_a_wildcard_but_for_the_streams_of_a_log_group(
    local: Stack, name: str
) -> None:
    allowed = local.may(name)
    allowed.pop("dynamodb:ListStreams", None)  # IAM knows no resource to limit it to
    resources = set().union(*allowed.values())

    assert not [action for action in allowed if "*" in action]
    assert [resource for resource in resources if "*" in resource] == [
        ref("aws_cloudwatch_log_group", f"{name}-logs", "arn") + ":*"
    ]


def test_there_are_no_policies_but_those_of_functions_a_topic_and_a_queue(
    local: Stack,
) -> None:
    kinds = {kind for kind in local.document["resource"] if "policy" in kind}

    assert kinds == {
        "aws_iam_role_policy",
        "aws_sns_topic_policy",
        "aws_sqs_queue_policy",
    }
    assert len(local.all("aws_iam_role_policy")) == len(FUNCTIONS)
    assert len(local.all("aws_sns_topic_policy")) == 1
    assert len(local.all("aws_sqs_queue_policy")) == 1


def environment(stack: Stack, name: str) -> dict[str, str]:
    function = stack.one("aws_lambda_function", function_name=f"{name}-blue")
    return dict(function["environment"]["variables"])


def common(name: str, log_level: str = "INFO") -> dict[str, str]:
    return {
        "POWERTOOLS_LOG_LEVEL": log_level,
        "POWERTOOLS_METRICS_NAMESPACE": "Tidemark",
        "POWERTOOLS_SERVICE_NAME": f"{name}-blue",
    }


def test_the_webhook_processor_is_told_its_table_and_its_queue(local: Stack) -> None:
    assert environment(local, "webhook-processor") == common("webhook-processor") | {
        "PRICES_TABLE": "crypto-prices-blue",
        "QUARANTINE_QUEUE_URL": queue("webhook-processor-dlq", "url"),
        "RAW_DATA_MAX": "512",
    }


def test_the_price_enricher_is_told_its_table_and_its_queues(local: Stack) -> None:
    assert environment(local, "price-enricher") == common("price-enricher") | {
        "PRICES_TABLE": "crypto-prices-blue",
        "MARKET_DATA_QUEUE_URL": queue("market-data", "url"),
        "QUARANTINE_QUEUE_URL": queue("price-enricher-dlq", "url"),
        "VOLATILITY_WINDOW": "50",
    }


def test_the_data_processor_is_told_its_tables_and_marks(local: Stack) -> None:
    assert environment(local, "data-processor") == common("data-processor") | {
        "PRICES_TABLE": "crypto-prices-blue",
        "RULES_TABLE": "alert-rules-blue",
        "STATES_TABLE": "alert-states-blue",
        "ALERTS_TABLE": "market-alerts-blue",
        "TRADING_ALERTS_TOPIC_ARN": topic("trading-alerts"),
        "MARKET_DATA_QUEUE_URL": queue("market-data", "url"),
        "PRICE_HIGH": "150",
        "PRICE_LOW": "50",
        "PRICE_MARKS": "{}",
        "ALERT_MODE": "crossing",
        "ALERT_MAX_AGE_S": "3600",
    }


def test_the_notifier_is_told_where_the_secret_is_and_not_what_it_is(
    local: Stack,
) -> None:
    assert environment(local, "notifier") == common("notifier") | {
        "ALERT_CHANNELS_SECRET_ARN": ref(
            "aws_secretsmanager_secret", "alert-channels", "arn"
        ),
        "NOTIFICATIONS_QUEUE_URL": queue("notifications", "url"),
        "NOTIFICATIONS_DLQ_URL": queue("notifications-dlq", "url"),
        "CHANNEL_TEST_HOSTS": "",
    }


def test_the_log_forwarder_is_told_its_topic(local: Stack) -> None:
    assert environment(local, "log-forwarder") == common("log-forwarder") | {
        "PIPELINE_ERRORS_TOPIC_ARN": topic("pipeline-errors"),
    }


def test_settings_reach_the_functions(aws: Stack) -> None:
    processor = environment(aws, "data-processor")

    assert environment(aws, "webhook-processor")["RAW_DATA_MAX"] == "64"
    assert environment(aws, "price-enricher")["VOLATILITY_WINDOW"] == "20"
    assert processor["PRICE_HIGH"] == "100000"
    assert processor["PRICE_LOW"] == "0.5"
    assert processor["ALERT_MODE"] == "every"
    assert processor["ALERT_MAX_AGE_S"] == "60"
    assert processor["PRICE_MARKS"] == '{"BTC-USD":{"high":"9"}}'
    assert processor["POWERTOOLS_LOG_LEVEL"] == "DEBUG"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_all_functions_run_the_one_archive_which_travels_with_the_stack(
    local: Stack, archive: Path, name: str
) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")
    digest = hashlib.sha256(archive.read_bytes()).digest()

    assert (local.folder / function["filename"]).read_bytes() == archive.read_bytes()
    assert function["source_code_hash"] == base64.b64encode(digest).decode()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_new_code_changes_the_digest_alone(local: Stack, name: str) -> None:
    function = local.one("aws_lambda_function", function_name=f"{name}-blue")

    assert function["filename"] == "assets/code-archive/latest/functions.zip"


def test_what_fails_asynchronously_goes_to_the_functions_own_queue(
    local: Stack,
) -> None:
    letters = {
        function["function_name"]: function["dead_letter_config"]["target_arn"]
        for function in local.all("aws_lambda_function")
        if "dead_letter_config" in function
    }

    assert letters == {
        "webhook-processor-blue": queue("webhook-processor-dlq"),
        "price-enricher-blue": queue("price-enricher-dlq"),
    }


def test_a_webhook_is_retried_twice_within_the_hour_and_its_success_told(
    local: Stack,
) -> None:
    config = local.one("aws_lambda_function_event_invoke_config")

    assert config["function_name"] == ref(
        "aws_lambda_function", "webhook-processor", "arn"
    )
    assert config["maximum_retry_attempts"] == 2
    assert config["maximum_event_age_in_seconds"] == 3600
    assert config["destination_config"] == {
        "on_success": {"destination": topic("price-updates-success")}
    }
    assert config["depends_on"] == ["aws_iam_role_policy.webhook-processor-policy"]
