"""The processes of functions that run at present, by the access key of their
execution environment, which tells who makes a call.
"""

import threading
from collections import defaultdict

_lock = threading.Lock()
_pids: dict[str, set[int]] = defaultdict(set)


def note(access_key: str, pid: int) -> None:
    """Note a process that has started."""
    with _lock:
        _pids[access_key].add(pid)


def forget(access_key: str, pid: int) -> None:
    """Forget a process that has ended."""
    with _lock:
        _pids[access_key].discard(pid)


def of(access_key: str) -> list[int]:
    """The process ids of an execution environment."""
    with _lock:
        return list(_pids[access_key])
