from collections.abc import Mapping
from typing import Any

import pytest

from tidemark.dashboard.alarms import read_alarms
from tidemark.dashboard.hops import Backlog, Hop, hop_of, hops
from tidemark.dashboard.samples import Samples

NOW = 1_700_000_000_000


def physical(name: str) -> str:
    return f"{name}-dev"


def counted(**metrics: Mapping[str, float]) -> Samples:
    """Samples of the last minute, by function and metric."""
    samples = Samples()
    for function, values in metrics.items():
        for metric, value in values.items():
            namespace = (
                "AWS/Lambda" if metric in ("Invocations", "Errors") else "Tidemark"
            )
            owner = physical(function.replace("_", "-"))
            samples.put((namespace, metric, owner), NOW - 1000, value)
    return samples


def made(samples: Samples, **given: Any) -> dict[str, Hop]:
    options = {"backlogs": {}, "firing": [], **given}
    found = hops(samples, NOW, physical=physical, **options)
    return {hop.id: hop for hop in found}


def test_each_hop_has_the_rate_of_the_last_minute() -> None:
    samples = counted(
        webhook_processor={"Invocations": 2, "TicksReceived": 9, "TicksAccepted": 7},
        price_enricher={"TicksEnriched": 6},
        data_processor={"RecordsReceived": 5, "AlertsRaised": 1},
        notifier={"DeliveriesDone": 4},
        log_forwarder={"LinesForwarded": 3},
    )

    assert {id_: hop.rate for id_, hop in made(samples).items()} == {
        "webhooks": 2,
        "webhook-processor": 9,
        "crypto-prices": 7,
        "price-enricher": 6,
        "market-data": 6,
        "data-processor": 5,
        "market-alerts": 1,
        "notifications": 1,
        "notifier": 4,
        "webhook-processor-dlq": None,
        "price-enricher-dlq": None,
        "market-data-dlq": None,
        "notifications-dlq": None,
        "log-forwarder": 3,
    }


def test_on_aws_the_requests_are_those_that_the_api_counted() -> None:
    samples = Samples()
    samples.put(("AWS/ApiGateway", "Count", "webhooks-dev"), NOW, 8)

    assert made(samples, api_is_counted=True)["webhooks"].rate == 8


@pytest.mark.parametrize(
    ("metrics", "percent"),
    [
        ({}, None),
        ({"RecordsReceived": 50, "RecordsFailed": 1, "Invocations": 9}, 2),
        ({"RecordsReceived": 50, "Errors": 3, "Invocations": 6}, 50),
    ],
)
def test_the_errors_are_failed_records_or_failed_invocations(
    metrics: dict[str, float], percent: float | None
) -> None:
    hop = made(counted(data_processor=metrics))["data-processor"]

    assert hop.error_pct == percent


@pytest.mark.parametrize(
    ("hop", "state"),
    [
        (Hop("a", "function", "ticks", 0), "idle"),
        (Hop("a", "function", "ticks", 5), "ok"),
        (Hop("a", "queue", "messages", 0, backlog=Backlog(3, 1000)), "ok"),
        (Hop("a", "queue", "messages", 5, backlog=Backlog(3, 31_000)), "warn"),
        (Hop("a", "function", "ticks", 5, error_pct=0.1), "warn"),
        (Hop("a", "dead letters", "messages", None, backlog=Backlog(1, 0)), "warn"),
        (Hop("a", "dead letters", "messages", None, backlog=Backlog(0, 0)), "idle"),
        (Hop("a", "function", "ticks", 5, alarms=("a-errors",)), "alarm"),
    ],
)
def test_a_hop_is_coloured_by_its_alarms_errors_and_backlog(
    hop: Hop, state: str
) -> None:
    assert hop.state == state


def test_an_alarm_is_shown_at_the_hop_that_it_is_about() -> None:
    found = made(Samples(), firing=["market-data-dlq-not-empty", "webhooks-5xx"])

    assert found["market-data-dlq"].alarms == ("market-data-dlq-not-empty",)
    assert found["webhooks"].alarms == ("webhooks-5xx",)
    assert found["market-data"].alarms == ()
    assert hop_of("something-else", set(found)) == ""


def rate_alarm() -> dict[str, Any]:
    def stat(metric: str) -> dict[str, Any]:
        dimensions = [{"Name": "service", "Value": "data-processor-dev"}]
        named = {"Namespace": "Tidemark", "MetricName": metric}
        return {
            "Period": 300,
            "Stat": "Sum",
            "Metric": {**named, "Dimensions": dimensions},
        }

    return {
        "AlarmName": "data-processor-failed-records-dev",
        "AlarmDescription": "RecordsFailed above 1 %",
        "Threshold": 1.0,
        "StateValue": "OK",
        "Metrics": [
            {"Id": "rate", "Expression": "100 * part / whole"},
            {"Id": "part", "MetricStat": stat("RecordsFailed")},
            {"Id": "whole", "MetricStat": stat("RecordsReceived")},
        ],
    }


def queue_alarm(state: str = "OK") -> dict[str, Any]:
    return {
        "AlarmName": "market-data-behind-dev",
        "Threshold": 300.0,
        "StateValue": state,
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateAgeOfOldestMessage",
        "Dimensions": [{"Name": "QueueName", "Value": "market-data-dev"}],
        "Statistic": "Maximum",
        "Period": 300,
    }


@pytest.mark.parametrize(("failed", "fires"), [(1, False), (2, True)])
def test_an_alarm_on_a_rate_fires_above_its_threshold(failed: int, fires: bool) -> None:
    [alarm] = read_alarms([rate_alarm()], "-dev")
    samples = counted(data_processor={"RecordsReceived": 100, "RecordsFailed": failed})

    assert alarm.name == "data-processor-failed-records"
    assert alarm.fires(samples, NOW) is fires


def test_an_alarm_on_a_rate_of_nothing_does_not_fire() -> None:
    [alarm] = read_alarms([rate_alarm()], "-dev")

    assert alarm.fires(Samples(), NOW) is False


@pytest.mark.parametrize(("age_s", "fires"), [(300, False), (301, True)])
def test_an_alarm_on_a_peak_fires_above_its_threshold(age_s: int, fires: bool) -> None:
    [alarm] = read_alarms([queue_alarm()], "-dev")
    samples = Samples()
    name = ("AWS/SQS", "ApproximateAgeOfOldestMessage", "market-data-dev")
    for age in (age_s, 5):
        samples.put(name, NOW, age)

    assert alarm.fires(samples, NOW) is fires


def test_the_alarms_of_other_environments_are_left_out() -> None:
    alarms = read_alarms([queue_alarm("ALARM"), rate_alarm()], "-prod")

    assert alarms == []
    [alarm] = read_alarms([queue_alarm("ALARM")], "-dev")
    assert alarm.fires_on_aws
