import json
from typing import Any

import pytest

from infra.event_sources import queue_window_s
from tests.infra.synthesised import Stack, ref

STREAM = ref("aws_dynamodb_table", "crypto-prices", "stream_arn")
MARKET_DATA = ref("aws_sqs_queue", "market-data", "arn")
NOTIFICATIONS = ref("aws_sqs_queue", "notifications", "arn")


def mapping(stack: Stack, source: str) -> dict[str, Any]:
    return stack.one("aws_lambda_event_source_mapping", event_source_arn=source)


@pytest.mark.parametrize(
    ("source", "function"),
    [
        (STREAM, "price-enricher"),
        (MARKET_DATA, "data-processor"),
        (NOTIFICATIONS, "notifier"),
    ],
)
def test_each_source_feeds_its_function_once_that_may_read_it(
    local: Stack, source: str, function: str
) -> None:
    feed = mapping(local, source)

    assert feed["function_name"] == ref("aws_lambda_function", function, "arn")
    assert feed["depends_on"] == [f"aws_iam_role_policy.{function}-policy"]
    assert feed["function_response_types"] == ["ReportBatchItemFailures"]


def test_only_inserts_are_enriched_in_batches_of_100(local: Stack) -> None:
    stream = mapping(local, STREAM)
    (only,) = stream["filter_criteria"]["filter"]

    assert stream["batch_size"] == 1000
    assert stream["starting_position"] == "TRIM_HORIZON"
    assert json.loads(only["pattern"]) == {"eventName": ["INSERT"]}


def test_a_batch_of_the_stream_is_bisected_and_given_up_to_the_dlq_after_a_day(
    local: Stack,
) -> None:
    stream = mapping(local, STREAM)

    assert stream["bisect_batch_on_function_error"] is True
    assert stream["maximum_retry_attempts"] == -1
    assert stream["maximum_record_age_in_seconds"] == 24 * 3600
    assert stream["destination_config"]["on_failure"] == {
        "destination_arn": ref("aws_sqs_queue", "price-enricher-dlq", "arn")
    }


def test_a_batch_of_the_stream_does_not_wait_to_become_full(local: Stack) -> None:
    assert mapping(local, STREAM)["maximum_batching_window_in_seconds"] == 0


def test_one_batch_of_a_shard_is_enriched_at_a_time(local: Stack) -> None:
    assert mapping(local, STREAM)["parallelization_factor"] == 1


def test_batches_windows_and_retries_of_the_stream_are_settings(aws: Stack) -> None:
    stream = mapping(aws, STREAM)

    assert stream["batch_size"] == 7
    assert stream["maximum_batching_window_in_seconds"] == 2
    assert stream["parallelization_factor"] == 3
    assert stream["maximum_retry_attempts"] == 3


def test_market_data_comes_in_25s_after_a_second_and_never_into_throttling(
    local: Stack,
) -> None:
    queue = mapping(local, MARKET_DATA)
    function = local.one("aws_lambda_function", function_name="data-processor-blue")
    concurrency = queue["scaling_config"]["maximum_concurrency"]

    assert queue["batch_size"] == 25
    assert queue["maximum_batching_window_in_seconds"] == 1
    assert concurrency == function["reserved_concurrent_executions"] == 5


def test_the_batch_of_market_data_is_a_setting(aws: Stack) -> None:
    queue = mapping(aws, MARKET_DATA)

    assert queue["batch_size"] == 10
    assert queue["maximum_batching_window_in_seconds"] == 0


@pytest.mark.parametrize(("batch", "window_s"), [(1, 0), (10, 0), (11, 1), (10_000, 1)])
def test_only_batches_above_10_wait_a_second_to_become_full(
    batch: int, window_s: int
) -> None:
    assert queue_window_s(batch) == window_s


def test_alerts_of_five_seconds_are_one_batch_and_never_come_into_throttling(
    local: Stack,
) -> None:
    queue = mapping(local, NOTIFICATIONS)
    function = local.one("aws_lambda_function", function_name="notifier-blue")
    concurrency = queue["scaling_config"]["maximum_concurrency"]

    assert queue["batch_size"] == 100
    assert queue["maximum_batching_window_in_seconds"] == 5
    assert concurrency == function["reserved_concurrent_executions"] == 2


def test_nothing_else_is_polled(local: Stack) -> None:
    assert len(local.all("aws_lambda_event_source_mapping")) == 3
