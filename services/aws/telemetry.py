"""Structured logs and metrics of the running function.

Names and information lines must not contain `error` or `exception`: lines that contain
one of these words are forwarded to pipeline-errors.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()
metrics = Metrics()


def count(name: str, value: int) -> None:
    """Add to a metric of this invocation; its dimension is this function."""
    metrics.add_metric(name, MetricUnit.Count, value)
