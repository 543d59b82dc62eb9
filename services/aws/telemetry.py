"""Structured logs and metrics of the function that runs here.

Names and information lines avoid `error` and `exception`: lines that contain one of
them are forwarded to pipeline-errors.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()
metrics = Metrics()


def count(name: str, value: int) -> None:
    """Adds to a metric of this invocation, in the dimension of this function."""
    metrics.add_metric(name, MetricUnit.Count, value)
