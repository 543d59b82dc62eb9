"""A bundled minute of several venues' frames, in the venues' own forms.

`data/minute.ndjson` is made up, as its first lines say: nothing in it was recorded.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAMES = Path(__file__).with_name("data") / "minute.ndjson"
# A few of its trades are above these.
MARKS: dict[str, dict[str, float]] = {
    "BTC-USD": {"low": 50_000, "high": 60_445},
    "BTC-USDT": {"low": 50_000, "high": 60_415},
    "BTC-USDT-PERP": {"low": 50_000, "high": 60_412},
    "ETH-USD": {"low": 2_000, "high": 2_992.4},
    "ETH-USDT": {"low": 2_000, "high": 2_992.25},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A frame, when it came, and where it is posted to."""

    at_ms: int
    exchange: str
    query: Mapping[str, str]
    frame: str


def entries() -> Iterator[Entry]:
    """The frames in order of time."""
    with FRAMES.open() as lines:
        for line in lines:
            if not line.startswith("#"):
                fields: dict[str, Any] = json.loads(line)
                yield Entry(**fields)
