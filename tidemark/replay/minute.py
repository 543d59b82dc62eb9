"""A bundled minute of several venues' frames, in the venues' own forms.

`data/minute.ndjson` is made up, as its first lines say: nothing in it was recorded.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# What crosses these marks once in the minute. Without them the marks of the settings
# would judge, beyond which every price of these symbols is.
MARKS = {
    "BTC-USD": "60400",
    "BTC-USDT": "60400",
    "BTC-USDT-PERP": "60400",
    "ETH-USD": "2992",
    "ETH-USDT": "2992",
}
RULES_FOR = timedelta(minutes=10)
FRAMES = Path(__file__).with_name("data") / "minute.ndjson"


@dataclass(frozen=True, slots=True)
class Entry:
    """A frame, when it came, and where it is posted to."""

    at_ms: int
    exchange: str
    query: Mapping[str, str]
    frame: str


def rules(now: datetime) -> list[dict[str, object]]:
    """The rules of the minute. They expire soon: its symbols are real ones."""
    return [
        {
            "symbol": symbol,
            "rule_id": "demo-minute",
            "kind": "level",
            "above": mark,
            "expires_at": (now + RULES_FOR).isoformat(),
            "note": "of make demo",
        }
        for symbol, mark in MARKS.items()
    ]


def entries() -> Iterator[Entry]:
    """The frames in order of time."""
    with FRAMES.open() as lines:
        for line in lines:
            if not line.startswith("#"):
                fields: dict[str, Any] = json.loads(line)
                yield Entry(**fields)
