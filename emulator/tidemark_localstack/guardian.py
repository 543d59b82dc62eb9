"""No process outlives LocalStack, however it ends.

Every child is started through `spawn`, in a process group of its own, and named to a
guardian process over a pipe. When the pipe closes, be it by SIGKILL, the guardian kills
what is left. (PR_SET_PDEATHSIG is Linux's alone, and follows the starting thread.)
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
_guardian: subprocess.Popen[str] | None = None
_groups: set[int] = set()
_ending = False


def spawn(arguments: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Popen, under the guardian's eye; `release` its pid once it has ended."""
    process = subprocess.Popen(arguments, process_group=0, **options)
    adopt(process.pid)
    return process


def adopt(group: int) -> None:
    """Have the process group killed when this process ends."""
    with _lock:
        if _ending:
            kill(group)
            return
        _groups.add(group)
        _tell(f"+{group}")


def release(group: int) -> None:
    """Kill whatever is left of the group, and forget it."""
    kill(group)
    with _lock:
        _groups.discard(group)
        if not _ending:
            _tell(f"-{group}")


def kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def kill_all() -> None:
    """Kill every group, then and for ever after, and wait until no child is left."""
    global _ending
    with _lock:
        _ending = True
        for group in _groups:
            kill(group)
    dismiss()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def dismiss() -> None:
    """End the guardian, which kills what is left; the next child has another."""
    global _guardian
    with _lock:
        if _guardian is not None:
            _guardian.communicate()
            _guardian = None


def _tell(line: str) -> None:
    global _guardian
    if _guardian is None:
        _guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )
    assert _guardian.stdin is not None
    print(line, file=_guardian.stdin, flush=True)


def watch() -> None:
    """The guardian's own life: learn the groups, outlive the parent, kill them."""
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
