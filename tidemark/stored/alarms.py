"""The alarms of an environment, as CloudWatch describes them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

RINGS = "ALARM"


def described(cloudwatch: "CloudWatchClient", ending: str) -> list[Any]:
    """The metric alarms whose names have the environment's ending."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    return [
        alarm
        for page in pages
        for alarm in page["MetricAlarms"]
        if alarm["AlarmName"].endswith(ending)
    ]
