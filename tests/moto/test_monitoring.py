"""The alarms, read back and compared with what is promised."""

import json
from typing import Any

import pytest

from tests.moto.clients import ACCOUNT, REGION, Clients

LAMBDA = ("AWS/Lambda", "FunctionName")
OURS = ("Tidemark", "service")
QUEUE = ("AWS/SQS", "QueueName")

# alarm: whose metric, which part of which whole
RATES = {
    "webhook-processor-errors": (*LAMBDA, "Errors", "Invocations"),
    "price-enricher-errors": (*LAMBDA, "Errors", "Invocations"),
    "data-processor-errors": (*LAMBDA, "Errors", "Invocations"),
    "notifier-errors": (*LAMBDA, "Errors", "Invocations"),
    "log-forwarder-errors": (*LAMBDA, "Errors", "Invocations"),
    "price-enricher-failed-records": (*OURS, "RecordsFailed", "RecordsReceived"),
    "data-processor-failed-records": (*OURS, "RecordsFailed", "RecordsReceived"),
    "notifier-failed-records": (*OURS, "RecordsFailed", "RecordsReceived"),
    "webhook-processor-rejections": (*OURS, "TicksRejected", "TicksReceived"),
}

# alarm: whose metric, which, by which statistic, above what
SINGLES = {
    "webhook-processor-behind": (*LAMBDA, "AsyncEventAge", "Maximum", 300_000),
    "log-forwarder-behind": (*LAMBDA, "AsyncEventAge", "Maximum", 300_000),
    "webhook-processor-dropped-events": (*LAMBDA, "AsyncEventsDropped", "Sum", 0),
    "log-forwarder-dropped-events": (*LAMBDA, "AsyncEventsDropped", "Sum", 0),
    "webhook-processor-undelivered": (*LAMBDA, "DestinationDeliveryFailures", "Sum", 0),
    "price-enricher-undelivered": (*LAMBDA, "DestinationDeliveryFailures", "Sum", 0),
    "webhook-processor-undelivered-dead-letters": (
        *(*LAMBDA, "DeadLetterErrors", "Sum", 0),
    ),
    "price-enricher-undelivered-dead-letters": (*LAMBDA, "DeadLetterErrors", "Sum", 0),
    "price-enricher-behind": (*LAMBDA, "IteratorAge", "Maximum", 300_000),
    "market-data-behind": (*QUEUE, "ApproximateAgeOfOldestMessage", "Maximum", 300),
    "price-enricher-dlq-not-empty": (
        *(*QUEUE, "ApproximateNumberOfMessagesVisible", "Maximum", 0),
    ),
    "market-data-dlq-not-empty": (
        *(*QUEUE, "ApproximateNumberOfMessagesVisible", "Maximum", 0),
    ),
    "notifications-behind": (*QUEUE, "ApproximateAgeOfOldestMessage", "Maximum", 1200),
    "notifications-dlq-not-empty": (
        *(*QUEUE, "ApproximateNumberOfMessagesVisible", "Maximum", 0),
    ),
}

SERVER_ERRORS = "webhooks-server-errors"


@pytest.fixture(scope="session")
def alarms(deployed: object, clients: Clients) -> dict[str, dict[str, Any]]:
    """`blue`'s, by name without the suffix."""
    pages = clients("cloudwatch").get_paginator("describe_alarms").paginate()
    found = [each for page in pages for each in page["MetricAlarms"]]
    return {
        each["AlarmName"].removesuffix("-blue"): each
        for each in found
        if each["AlarmName"].endswith("-blue")
    }


def owners(metric: dict[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in metric["Dimensions"]}


def test_these_are_all_the_alarms(alarms: dict[str, dict[str, Any]]) -> None:
    assert alarms.keys() == RATES.keys() | SINGLES.keys() | {SERVER_ERRORS}


@pytest.mark.parametrize("name", [*RATES, *SINGLES, SERVER_ERRORS])
def test_an_alarm_tells_pipeline_errors_and_takes_no_data_for_no_trouble(
    alarms: dict[str, dict[str, Any]], name: str
) -> None:
    alarm = alarms[name]

    assert alarm["AlarmActions"] == [
        f"arn:aws:sns:{REGION}:{ACCOUNT}:pipeline-errors-blue"
    ]
    assert alarm["ActionsEnabled"] is True
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["EvaluationPeriods"] == 1


@pytest.mark.parametrize("name", RATES)
def test_a_rate_above_one_per_cent_in_five_minutes_is_an_alarm(
    alarms: dict[str, dict[str, Any]], name: str
) -> None:
    namespace, dimension, part, whole = RATES[name]
    queries = {each["Id"]: each for each in alarms[name]["Metrics"]}
    sums = {id_: queries[id_]["MetricStat"] for id_ in ("part", "whole")}
    function = name.removesuffix("-errors").removesuffix("-failed-records")
    owner = {dimension: f"{function.removesuffix('-rejections')}-blue"}

    assert alarms[name]["Threshold"] == 1
    assert queries["rate"]["Expression"] == "100 * part / whole"
    assert queries["rate"]["ReturnData"] is True
    assert {id_: each["Metric"]["MetricName"] for id_, each in sums.items()} == {
        "part": part,
        "whole": whole,
    }
    assert [each["Metric"]["Namespace"] for each in sums.values()] == [namespace] * 2
    assert [owners(each["Metric"]) for each in sums.values()] == [owner, owner]
    assert [(each["Period"], each["Stat"]) for each in sums.values()] == [
        (300, "Sum"),
        (300, "Sum"),
    ]


@pytest.mark.parametrize("name", SINGLES)
def test_a_single_metric_above_its_mark_within_five_minutes_is_an_alarm(
    alarms: dict[str, dict[str, Any]], name: str
) -> None:
    namespace, dimension, metric, statistic, threshold = SINGLES[name]
    alarm = alarms[name]
    ((kind, owner),) = owners(alarm).items()

    assert (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric)
    assert (alarm["Statistic"], alarm["Threshold"]) == (statistic, threshold)
    assert alarm["Period"] == 300
    assert kind == dimension
    assert name.startswith(owner.removesuffix("-blue"))


def test_a_webhook_that_the_gateway_cannot_hand_over_is_an_alarm(
    alarms: dict[str, dict[str, Any]],
) -> None:
    alarm = alarms[SERVER_ERRORS]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5XXError")
    assert owners(alarm) == {"ApiName": "webhooks-blue", "Stage": "v1"}
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)


def test_the_dashboard_is_there_with_its_graphs(
    deployed: object, clients: Clients
) -> None:
    found = clients("cloudwatch").get_dashboard(DashboardName="tidemark-blue")

    assert len(json.loads(found["DashboardBody"])["widgets"]) == 12
