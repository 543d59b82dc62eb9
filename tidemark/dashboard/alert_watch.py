"""One symbol's alerts, as marks of the chart: read once, then followed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tidemark.dashboard.prices import Read

ATTRIBUTES = ("timestamp", "alert_type")
PER_REQUEST = 200
MOST_MARKS = 2000


@dataclass(slots=True)
class AlertWatch:
    """The newest alerts. `read` queries the symbol's rows as `tables.page` does."""

    read: Read
    _marks: dict[Decimal, str] = field(default_factory=dict)
    _polled: bool = False

    def poll(self) -> list[dict[str, Any]] | None:
        """The marks, newest first, or None if the last poll returned the same.

        Reads back until it meets an alert that it knows: late alerts that are older
        than a whole request of known ones are seen when the page is opened again.
        """
        before, after = len(self._marks), None
        while len(self._marks) < before + MOST_MARKS:
            page = self.read(
                after=after, newest_first=True, attributes=ATTRIBUTES, limit=PER_REQUEST
            )
            known = any(row["timestamp"] in self._marks for row in page.items)
            for row in page.items:
                self._marks[row["timestamp"]] = str(row.get("alert_type", ""))
            if known or not page.more:
                break
            after = page.items[-1]["timestamp"]
        if self._polled and len(self._marks) == before:
            return None
        self._polled = True
        return [
            {"time_ms": int(key), "alert_type": self._marks[key]}
            for key in sorted(self._marks, reverse=True)[:MOST_MARKS]
        ]
