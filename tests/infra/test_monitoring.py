from typing import Any

import pytest

from tests.infra.synthesised import Stack, ref


def alarm(stack: Stack, name: str) -> dict[str, Any]:
    return stack.one("aws_cloudwatch_metric_alarm", alarm_name=f"{name}-blue")


def test_every_alarm_has_a_way_to_pipeline_errors_and_needs_data_to_ring(
    local: Stack,
) -> None:
    alarms = local.all(
        "aws_cloudwatch_metric_alarm",
        alarm_actions=[ref("aws_sns_topic", "pipeline-errors", "arn")],
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        treat_missing_data="notBreaching",
    )

    assert len(alarms) == len(local.all("aws_cloudwatch_metric_alarm"))


def test_this_is_watched(local: Stack) -> None:
    alarms = local.all("aws_cloudwatch_metric_alarm")

    assert {alarm["alarm_name"].removesuffix("-blue") for alarm in alarms} == {
        "webhooks-server-errors",
        "webhook-processor-errors",
        "webhook-processor-rejections",
        "webhook-processor-behind",
        "webhook-processor-dropped-events",
        "webhook-processor-undelivered",
        "webhook-processor-undelivered-dead-letters",
        "price-enricher-errors",
        "price-enricher-failed-records",
        "price-enricher-undelivered",
        "price-enricher-undelivered-dead-letters",
        "price-enricher-behind",
        "price-enricher-dlq-not-empty",
        "data-processor-errors",
        "data-processor-failed-records",
        "market-data-behind",
        "market-data-dlq-not-empty",
        "notifier-errors",
        "notifier-failed-records",
        "notifications-behind",
        "notifications-dlq-not-empty",
        "log-forwarder-errors",
        "log-forwarder-behind",
        "log-forwarder-dropped-events",
    }


AWS_LAMBDA = ("AWS/Lambda", "FunctionName", "Errors", "Invocations")
OUR_RECORDS = ("Tidemark", "service", "RecordsFailed", "RecordsReceived")
OUR_TICKS = ("Tidemark", "service", "TicksRejected", "TicksReceived")


@pytest.mark.parametrize(
    ("name", "function", "metrics"),
    [
        ("webhook-processor-errors", "webhook-processor", AWS_LAMBDA),
        ("price-enricher-errors", "price-enricher", AWS_LAMBDA),
        ("data-processor-errors", "data-processor", AWS_LAMBDA),
        ("notifier-errors", "notifier", AWS_LAMBDA),
        ("log-forwarder-errors", "log-forwarder", AWS_LAMBDA),
        ("price-enricher-failed-records", "price-enricher", OUR_RECORDS),
        ("data-processor-failed-records", "data-processor", OUR_RECORDS),
        ("notifier-failed-records", "notifier", OUR_RECORDS),
        ("webhook-processor-rejections", "webhook-processor", OUR_TICKS),
    ],
)
def test_a_rate_above_one_per_cent_in_five_minutes_is_an_alarm(
    local: Stack, name: str, function: str, metrics: tuple[str, str, str, str]
) -> None:
    namespace, dimension, part, whole = metrics
    rate, *sums = alarm(local, name)["metric_query"]

    assert alarm(local, name)["threshold"] == 1
    assert rate["expression"] == "100 * part / whole"
    assert rate["return_data"] is True
    assert [query["id"] for query in sums] == ["part", "whole"]
    assert [query["metric"] for query in sums] == [
        {
            "namespace": namespace,
            "metric_name": metric,
            "dimensions": {dimension: f"{function}-blue"},
            "period": 300,
            "stat": "Sum",
        }
        for metric in (part, whole)
    ]


@pytest.mark.parametrize(
    ("name", "metric", "of", "statistic", "threshold"),
    [
        (
            "webhook-processor-behind",
            "AsyncEventAge",
            "webhook-processor",
            "Maximum",
            300_000,
        ),
        ("log-forwarder-behind", "AsyncEventAge", "log-forwarder", "Maximum", 300_000),
        (
            "webhook-processor-dropped-events",
            "AsyncEventsDropped",
            "webhook-processor",
            "Sum",
            0,
        ),
        (
            "log-forwarder-dropped-events",
            "AsyncEventsDropped",
            "log-forwarder",
            "Sum",
            0,
        ),
        (
            "webhook-processor-undelivered",
            "DestinationDeliveryFailures",
            "webhook-processor",
            "Sum",
            0,
        ),
        (
            "price-enricher-undelivered",
            "DestinationDeliveryFailures",
            "price-enricher",
            "Sum",
            0,
        ),
        (
            "webhook-processor-undelivered-dead-letters",
            "DeadLetterErrors",
            "webhook-processor",
            "Sum",
            0,
        ),
        (
            "price-enricher-undelivered-dead-letters",
            "DeadLetterErrors",
            "price-enricher",
            "Sum",
            0,
        ),
        ("price-enricher-behind", "IteratorAge", "price-enricher", "Maximum", 300_000),
    ],
)
def test_what_lambda_counts_of_a_function_is_an_alarm(
    local: Stack, name: str, metric: str, of: str, statistic: str, threshold: int
) -> None:
    found = alarm(local, name)

    assert (found["namespace"], found["metric_name"]) == ("AWS/Lambda", metric)
    assert found["dimensions"] == {"FunctionName": f"{of}-blue"}
    assert (found["statistic"], found["threshold"]) == (statistic, threshold)
    assert found["period"] == 300


@pytest.mark.parametrize(
    ("name", "metric", "of", "threshold"),
    [
        (
            "price-enricher-dlq-not-empty",
            "ApproximateNumberOfMessagesVisible",
            "price-enricher-dlq",
            0,
        ),
        (
            "market-data-dlq-not-empty",
            "ApproximateNumberOfMessagesVisible",
            "market-data-dlq",
            0,
        ),
        (
            "notifications-dlq-not-empty",
            "ApproximateNumberOfMessagesVisible",
            "notifications-dlq",
            0,
        ),
        ("market-data-behind", "ApproximateAgeOfOldestMessage", "market-data", 300),
        (
            "notifications-behind",
            "ApproximateAgeOfOldestMessage",
            "notifications",
            1200,
        ),
    ],
)
def test_a_queue_that_fills_or_falls_behind_is_an_alarm(
    local: Stack, name: str, metric: str, of: str, threshold: int
) -> None:
    found = alarm(local, name)

    assert (found["namespace"], found["metric_name"]) == ("AWS/SQS", metric)
    assert found["dimensions"] == {"QueueName": f"{of}-blue"}
    assert (found["statistic"], found["threshold"]) == ("Maximum", threshold)
    assert found["period"] == 300


def test_a_webhook_that_the_gateway_cannot_hand_over_is_an_alarm(local: Stack) -> None:
    found = alarm(local, "webhooks-server-errors")

    assert (found["namespace"], found["metric_name"]) == ("AWS/ApiGateway", "5XXError")
    assert found["dimensions"] == {"ApiName": "webhooks-blue", "Stage": "v1"}
    assert (found["statistic"], found["threshold"]) == ("Sum", 0)
    assert found["period"] == 300


def test_waiting_for_concurrency_alone_is_no_alarm(local: Stack) -> None:
    assert local.all("aws_cloudwatch_metric_alarm", metric_name="Throttles") == []
