"""Notice which files of a folder change, by looking often.

The system's own notifications do not reach a container from every kind of machine, and
a look at a hundred files costs less than a millisecond.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

INTERVAL_S = 0.05
type Stamp = tuple[int, int]


class FileChanges:
    """The changes of a folder's files since this was made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = _stamps(folder)

    def take(self) -> list[Path]:
        """The files that were written, added or removed since the last call."""
        present = _stamps(self._folder)
        changed = present.items() ^ self._known.items()
        self._known = present
        return sorted({path for path, _ in changed})

    def follow(self, *, interval: float = INTERVAL_S) -> Iterator[list[Path]]:
        """Wait for changes and yield them once they pause, again and again."""
        while True:
            changed: set[Path] = set()
            while present := self.take():
                changed.update(present)
                time.sleep(interval)
            if changed:
                yield sorted(changed)
            time.sleep(interval)


def _stamps(folder: Path) -> dict[Path, Stamp]:
    stamps = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = Path(root, name)
            with suppress(FileNotFoundError):  # removed since the folder was listed
                found = path.stat()
                stamps[path] = found.st_mtime_ns, found.st_size
    return stamps
