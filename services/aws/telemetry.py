"""Structured logs and metrics of the running function.

Names and information lines must not contain `error` or `exception`: lines that contain
one of these words are forwarded to pipeline-errors.
"""

from collections.abc import Iterable, Mapping

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger()
metrics = Metrics()


def log_each(message: str, lines: Iterable[Mapping[str, object]]) -> None:
    """Log an information line for each set of fields."""
    for fields in lines:
        logger.info(message, extra=fields, stacklevel=3)  # where it was called


def count(name: str, value: int) -> None:
    """Add to a metric of this invocation; its dimension is this function."""
    metrics.add_metric(name, MetricUnit.Count, value)
