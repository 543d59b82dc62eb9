"""Counts on the local cloud: from the logs, and failed invocations from CloudWatch."""

from dataclasses import dataclass

from tidemark.dashboard.log_counts import LogCounts
from tidemark.dashboard.metric_counts import MetricCounts
from tidemark.dashboard.samples import Samples


@dataclass(slots=True)
class LocalCounts:
    """Both write into the same samples."""

    logs: LogCounts
    errors: MetricCounts
    has_ages: bool = False

    @property
    def samples(self) -> Samples:
        """What was counted."""
        return self.logs.samples

    def read(self, now_ms: int) -> int:
        """Read on; return until when the counts are known."""
        self.errors.samples = self.logs.samples
        self.errors.read(now_ms)
        return self.logs.read(now_ms)
