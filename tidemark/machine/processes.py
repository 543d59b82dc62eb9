"""Find, identify and stop processes.

The system reuses process ids. A `Process` therefore has its start time as well, and no
process with another start time is signalled.
"""

import os
import signal
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tidemark.machine import waiting

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process; `started` is its start time as the system writes it."""

    pid: int
    started: str

    def alive(self) -> bool:
        """Return True if this process is still running; a zombie is not."""
        return any(row.process == self for row in table(self.pid))

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless its id belongs to another process now."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the process table."""

    process: Process
    parent: int
    group: int
    session: int
    command: str


def identify(pid: int) -> Process | None:
    """Return the process that has this id now, or None."""
    return next((row.process for row in table(pid)), None)


def find(arguments: Sequence[str]) -> Process | None:
    """Return a process with exactly these arguments, whatever its program is."""
    ending = f" {' '.join(arguments)}"
    found = (row.process for row in table() if row.command.endswith(ending))
    return next(found, None)


def family(leader: Process) -> list[Process]:
    """Return what a session leader has started and is still running, leader first.

    The system does not reuse the id of a session while it has a member, so the members
    are ours even after the leader has exited.
    """
    rows = table()
    if any(r.process.pid == leader.pid and r.process != leader for r in rows):
        return []
    members = {
        row.process.pid
        for row in rows
        if leader.pid in (row.process.pid, row.session, row.group)
    }
    while more := {r.process.pid for r in rows if r.parent in members} - members:
        members |= more
    ours = [row.process for row in rows if row.process.pid in members]
    return sorted(ours, key=lambda process: process != leader)


def end(processes: Iterable[Process], *, grace: float = 20) -> list[Process]:
    """Terminate the first, wait, and kill the rest; return those that were killed.

    The first is the leader, which stops its own children if it is given time.
    """
    ours = list(processes)
    leaders = ours[:1]
    for leader in leaders:
        leader.send(signal.SIGTERM)
    waiting.until(lambda: not _alive(leaders), timeout=grace)
    waiting.until(lambda: not _alive(ours), timeout=grace / 10)
    left = _alive(ours)
    for process in left:
        process.send(signal.SIGKILL)
    waiting.until(lambda: not _alive(left), timeout=5)
    return left


def _alive(processes: Iterable[Process]) -> list[Process]:
    return [process for process in processes if process.alive()]


def table(pid: int | None = None) -> list[Row]:
    """Return the process table, or the row of one id, without zombies."""
    if PROC.joinpath("self/stat").exists():
        names = [str(pid)] if pid else [p.name for p in PROC.iterdir()]
        rows = [_read_proc(PROC / name) for name in names if name.isdigit()]
    else:
        rows = [_read_ps(line) for line in _ps(pid)]
    return [row for row in rows if row]


def _read_proc(entry: Path) -> Row | None:
    try:
        stat = entry.joinpath("stat").read_text()
        command = entry.joinpath("cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    state, parent, group, session, *rest = stat.rpartition(")")[2].split()
    threads, started = rest[13], rest[15]
    if state in "ZX" and threads == "1":  # others may still hold its ports and files
        return None
    return Row(
        Process(int(entry.name), started),
        int(parent),
        int(group),
        int(session),
        command.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace"),
    )


def _ps(pid: int | None) -> list[str]:
    which = ["-p", str(pid)] if pid else ["-A"]
    columns = "pid=,ppid=,pgid=,stat=,lstart=,command="
    result = subprocess.run(
        ["ps", "-ww", *which, "-o", columns], capture_output=True, text=True
    )
    return result.stdout.splitlines()


def _read_ps(line: str) -> Row | None:
    pid, parent, group, state, rest = line.split(maxsplit=4)
    if state.startswith("Z"):
        return None
    *started, command = rest.split(maxsplit=5)
    process = Process(int(pid), " ".join(started))
    return Row(process, int(parent), int(group), int(group), command)
