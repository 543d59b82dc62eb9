"""The processes of each function that run at present."""

import threading
from collections import defaultdict

_lock = threading.Lock()
_pids: dict[str, set[int]] = defaultdict(set)


def note(function: str, pid: int) -> None:
    """Note a process that has started."""
    with _lock:
        _pids[function].add(pid)


def forget(function: str, pid: int) -> None:
    """Forget a process that has ended."""
    with _lock:
        _pids[function].discard(pid)


def of(function: str) -> list[int]:
    """The process ids of a function, by its physical name."""
    with _lock:
        return list(_pids[function])
