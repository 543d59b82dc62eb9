"""Locks, so that only one command at a time changes an environment.

The operating system holds a lock (`flock`) and releases it when its holder exits or is
killed. The file only says which command that is.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidemark.machine import files, waiting
from tidemark.machine.errors import ToolError


class Busy(ToolError):
    """Another command holds the lock; `holder` is its name and process id."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"Another command is running here: {holder}. Wait until it has finished."
        )


@contextmanager
def held(path: Path, command: str, *, timeout: float = 0) -> Iterator[None]:
    """Hold the lock. Raises `Busy` if it is not free within `timeout` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        if not waiting.until(lambda: _lock(file.fileno()), timeout=timeout):
            raise Busy(files.read(path).strip() or "unknown")
        file.truncate(0)
        file.write(f"{command} (pid {os.getpid()})\n")
        file.flush()
        yield


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
