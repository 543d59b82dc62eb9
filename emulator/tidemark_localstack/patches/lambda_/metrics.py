"""Write the metrics of invocations together, once a second.

LocalStack: for each invocation, starts a thread that calls CloudWatch, which opens its
database and commits. It keeps the threads that have ended.
AWS: shows a metric a minute or so after the invocation.
Here: what happened in one second is one call for each metric of a function.

localstack/services/lambda_/invocation/metrics.py, version_manager.py
"""

import logging
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation import metrics, version_manager

from tidemark_localstack.patches.patching import replace, wrap

LOG = logging.getLogger(__name__)
EVERY_S = 1.0

type Metric = tuple[str, str, str, str]
"""Account, region, function and name."""


def apply() -> None:
    counts = Counts()
    replace(metrics, "publish_lambda_metric", counts.add)
    wrap(version_manager, "start_thread", start_thread)


def start_thread(original: Any, method: Any, name: str = "", **given: Any) -> Any:
    """Count at once; start other threads."""
    if name.startswith("record-cloudwatch-metric"):
        return method()
    return original(method, name=name, **given)


class Counts:
    """Counts of the present second; a timer runs while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Metric] = Counter()

    def add(
        self, metric: str, value: int, of: Any, *, account_id: str, region_name: str
    ) -> None:
        """Take the parameters of `publish_lambda_metric`."""
        with self._lock:
            if not self._counts:
                timer = threading.Timer(EVERY_S, self.write)
                timer.daemon = True
                timer.start()
            self._counts[account_id, region_name, of["func_name"], metric] += value

    def write(self) -> None:
        """Write the counts to CloudWatch, and begin new ones."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        for metric, count in counts.items():
            try:
                put(metric, count)
            except Exception:
                LOG.warning("Cannot write the metric %s", metric, exc_info=True)


def put(metric: Metric, count: int) -> None:
    account, region, function, name = metric
    connect_to(
        aws_access_key_id=account, region_name=region
    ).cloudwatch.put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
                "Timestamp": datetime.now(UTC),
                "Values": [1.0],
                "Counts": [count],
            }
        ],
    )
