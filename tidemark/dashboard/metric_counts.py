"""Counts from CloudWatch, one value a minute. They are complete after two minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import TYPE_CHECKING, Any

from tidemark.dashboard.alarms import Name
from tidemark.dashboard.samples import KEPT_MS, MINUTE_MS, Samples

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

DIMENSIONS = {
    "AWS/ApiGateway": "ApiName",
    "AWS/Lambda": "FunctionName",
    "AWS/SQS": "QueueName",
    "Tidemark": "service",
}
PEAKS = {"AsyncEventAge", "IteratorAge", "ApproximateAgeOfOldestMessage"}
DELAY_MS = 2 * MINUTE_MS
MOST_QUERIES = 500  # in one request


@dataclass(slots=True)
class MetricCounts:
    """The metrics of these names, asked for once a minute. Each costs $0.00001."""

    cloudwatch: "CloudWatchClient"
    names: Sequence[Name]
    samples: Samples = field(default_factory=Samples)
    has_ages: bool = True
    _read_at_ms: int = 0

    def read(self, now_ms: int) -> int:
        """Read if a minute is over; return until when the counts are known."""
        if now_ms - self._read_at_ms >= MINUTE_MS:
            for names in batched(self.names, MOST_QUERIES, strict=False):
                self._read(names, now_ms)
            self._read_at_ms = now_ms
        return now_ms // MINUTE_MS * MINUTE_MS - DELAY_MS

    def _read(self, names: Sequence[Name], now_ms: int) -> None:
        end_s = now_ms // MINUTE_MS * 60
        start_s = end_s - KEPT_MS // 1000
        pages = self.cloudwatch.get_paginator("get_metric_data").paginate(
            StartTime=datetime.fromtimestamp(start_s, UTC),
            EndTime=datetime.fromtimestamp(end_s, UTC),
            MetricDataQueries=[
                {"Id": f"m{number}", "MetricStat": _stat(name)}
                for number, name in enumerate(names)
            ],
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                name = names[int(result["Id"][1:])]
                times = [int(time.timestamp() * 1000) for time in result["Timestamps"]]
                values = [*zip(times, result["Values"], strict=True)]
                self.samples.replace(name, values)


def _stat(name: Name) -> Any:
    namespace, metric, owner = name
    return {
        "Metric": {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": DIMENSIONS[namespace], "Value": owner}],
        },
        "Period": 60,
        "Stat": "Maximum" if metric in PEAKS else "Sum",
    }
