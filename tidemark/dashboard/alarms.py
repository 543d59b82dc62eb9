"""The stack's alarms, and which of them would fire by what the dashboard counted.

CloudWatch evaluates them on AWS. The local cloud evaluates none of them: there, their
own definitions are applied to our counts, so that no threshold is written twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tidemark.dashboard.samples import Samples

type Name = tuple[str, str, str]  # namespace, metric, what it belongs to

PEAKS = ("Maximum", "Average")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: it fires if `part` (in per cent of `whole`, if there is one) exceeds
    the threshold within the period.
    """

    name: str
    description: str
    threshold: float
    period_s: int
    part: Name
    whole: Name | None = None
    peak: bool = False
    fires_on_aws: bool = False

    def fires(self, samples: Samples, until_ms: int) -> bool:
        """Return True if it would fire by what was counted."""
        span_ms = self.period_s * 1000
        if self.peak:
            value = samples.peak(self.part, until_ms, span_ms)
        else:
            value = samples.sum(self.part, until_ms, span_ms)
        if self.whole:
            whole = samples.sum(self.whole, until_ms, span_ms)
            value = 100 * value / whole if whole else 0
        return value > self.threshold


def read_alarms(described: Iterable[Mapping[str, Any]], ending: str) -> list[Alarm]:
    """Read what DescribeAlarms returns for names with the environment's `ending`."""
    return [
        _read(each, ending) for each in described if each["AlarmName"].endswith(ending)
    ]


def _read(described: Mapping[str, Any], ending: str) -> Alarm:
    name = described["AlarmName"].removesuffix(ending)
    common = (name, described.get("AlarmDescription", ""), described["Threshold"])
    fires = described["StateValue"] == "ALARM"
    if "MetricName" in described:
        return Alarm(
            *common,
            described["Period"],
            _name(described),
            peak=described["Statistic"] in PEAKS,
            fires_on_aws=fires,
        )
    stats = {
        m["Id"]: m["MetricStat"] for m in described["Metrics"] if "MetricStat" in m
    }
    return Alarm(
        *common,
        stats["part"]["Period"],
        _name(stats["part"]["Metric"]),
        _name(stats["whole"]["Metric"]),
        fires_on_aws=fires,
    )


def _name(metric: Mapping[str, Any]) -> Name:
    dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
    owner = next(
        (
            dimensions[n]
            for n in ("FunctionName", "service", "QueueName", "ApiName")
            if n in dimensions
        ),
        "",
    )
    return (metric["Namespace"], metric["MetricName"], owner)
