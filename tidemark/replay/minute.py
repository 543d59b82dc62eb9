"""A bundled minute of several venues' frames, in the venues' own forms.

`data/minute.ndjson` is made up, as its first lines say: nothing in it was recorded.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAMES = Path(__file__).with_name("data") / "minute.ndjson"


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
