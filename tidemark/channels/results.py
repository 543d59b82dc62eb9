"""What became of the latest deliveries to each channel, from the log of notifier."""

from dataclasses import dataclass

from services.market.event_time import iso
from tidemark.channels import attempts
from tidemark.stored.log_events import Logs

SPAN_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class LastResult:
    """`text` is `delivered`, `waits: it answered 503` or `given up: …`."""

    at_ms: int
    text: str

    @property
    def at(self) -> str:
        """When it was, in ISO 8601."""
        return iso(self.at_ms)


def last_results(logs: Logs, *, now_ms: int) -> dict[str, LastResult]:
    """The last result of each channel within a day, by the channel's name."""
    found: dict[str, LastResult] = {}
    for attempt in attempts.read(logs, since_ms=now_ms - SPAN_MS):
        reason = f": {attempt.reason}" if attempt.reason else ""
        text = f"{attempt.result}{reason}"
        found[attempt.channel] = LastResult(attempt.time_ms, text)
    return found
