"""Start child processes that never outlive LocalStack, however it ends.

Every child runs in a process group of its own. A watcher process learns the groups over
a pipe; when the pipe closes, even after SIGKILL, it kills those that are left.
(PR_SET_PDEATHSIG exists on Linux only, and follows the thread that started the child.)
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

_lock = threading.Lock()
_watcher: subprocess.Popen[str] | None = None
_groups: set[int] = set()
_stopping = False


def spawn(arguments: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a registered child, as Popen does; `release` its pid once it has exited."""
    process = subprocess.Popen(arguments, process_group=0, **options)
    register(process.pid)
    return process


def register(group: int) -> None:
    """Have the process group killed when this process exits."""
    with _lock:
        if _stopping:
            kill(group)
            return
        _groups.add(group)
        _tell_watcher(f"+{group}")


def release(group: int) -> None:
    """Kill what is left of the process group and stop watching it."""
    kill(group)
    with _lock:
        _groups.discard(group)
        if not _stopping:
            _tell_watcher(f"-{group}")


def kill(group: int) -> None:
    """Kill the process group, if it still exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def kill_all() -> None:
    """Kill every group, and any registered later; return once no child is left."""
    global _stopping
    with _lock:
        _stopping = True
        for group in _groups:
            kill(group)
    stop_watcher()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def stop_watcher() -> None:
    """Stop the watcher, which kills what is left; the next child starts another."""
    global _watcher
    with _lock:
        if _watcher is not None:
            _watcher.communicate()
            _watcher = None


def _tell_watcher(line: str) -> None:
    global _watcher
    if _watcher is None:
        _watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )
    assert _watcher.stdin is not None
    print(line, file=_watcher.stdin, flush=True)


def watch() -> None:
    """Run as the watcher: read groups until the parent is gone, then kill them."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        groups.add(group) if line[0] == "+" else groups.discard(group)
    for group in groups:
        kill(group)


if __name__ == "__main__":
    watch()
