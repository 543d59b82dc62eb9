"""Processes and how to tell ours from others.

A process id alone is not an identity, ids are used again: a `Process` carries its
start time too, and nothing is signalled whose start time is another.
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
    """A process; `started` is the system's own notation of when."""

    pid: int
    started: str

    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return any(row.process == self for row in table(self.pid))

    def send(self, number: signal.Signals) -> None:
        """Signal it, if it is still the one we know."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the process table."""

    process: Process
    parent: int
    group: int
    session: int
    command: str


def identify(pid: int) -> Process | None:
    """The process that has this id now."""
    return next((row.process for row in table(pid)), None)


def find(arguments: Sequence[str]) -> Process | None:
    """A process with exactly these arguments, by whatever path its program goes."""
    ending = f" {' '.join(arguments)}"
    found = (row.process for row in table() if row.command.endswith(ending))
    return next(found, None)


def family(leader: Process) -> list[Process]:
    """Whatever a session leader has left running, itself first, its children too.

    A session's id is not given to another process while a member lives, so the
    members of a dead leader's session are still ours.
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
    """Ask the first to end and see that all have; returns those that had to be killed.

    The first is the leader: given time, it ends its own children.
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
    """The process table, or its one row of this id; zombies left out."""
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
