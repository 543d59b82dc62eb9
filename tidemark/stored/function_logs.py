"""What a function did by its log: its own metrics, and the platform's report."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

REPORT = re.compile(r"REPORT .*\sBilled Duration: (\d+) ms\tMemory Size: (\d+) MB")


@dataclass(frozen=True, slots=True)
class Counted:
    """One metric of one invocation."""

    name: str
    value: float


def read_counts(message: str) -> Iterator[Counted]:
    """Yield what a log event counts: `Invocations` and `GBSeconds` in the platform's
    report, the function's metrics in its own, nothing in any other.
    """
    if report := REPORT.match(message):
        yield Counted("Invocations", 1)
        yield Counted("GBSeconds", int(report[1]) / 1000 * int(report[2]) / 1024)
    elif message.startswith('{"_aws"'):
        written = json.loads(message)
        for directive in written["_aws"]["CloudWatchMetrics"]:
            for metric in directive["Metrics"]:
                yield Counted(metric["Name"], sum(written[metric["Name"]]))
