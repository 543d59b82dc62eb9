"""The record of what was done with dead letters: one line of JSON for each entry.

It has each entry whole, also those that were dropped.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from tidemark.dead_letters.entry import Entry
from tidemark.dead_letters.returning import now
from tidemark.machine import paths


@dataclass(frozen=True, slots=True)
class Record:
    """The file of one environment."""

    path: Path

    @classmethod
    def of(cls, home: Path) -> "Record":
        """That of the environment whose folder in `.tidemark` is `home`."""
        return cls(paths.STATE / home / "dead-letters.jsonl")

    def add(self, action: str, entry: Entry) -> None:
        """Append a line, on the disk before what it says is done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": now(), "action": action, **entry.as_json()})
        with self.path.open("a") as file:
            print(line, file=file, flush=True)
