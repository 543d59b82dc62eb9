"""Other programs, run so that an interruption leaves their work whole.

A child writes to a log file, so it outlives a tool that was killed. It has a process
group of its own: Ctrl-C reaches it once, through us, and it is given time to finish.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tidemark.machine.errors import ToolError

Follow = Callable[[str], None]
PATIENCE = 60
ROOM_FOR_A_LOG = 1_000_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FULL = "No space left on device"
FRAME = " \t│╷╵├▶╰─\N{MULTIPLICATION SIGN}"  # drawn around messages by Terraform and uv


class CommandFailed(ToolError):
    """A program ended with an error; `log` holds all it said."""

    def __init__(self, what: str, returncode: int, log: Path) -> None:
        self.returncode = returncode
        self.log = log
        text = log.read_text(errors="replace")
        if shutil.disk_usage(log).free < ROOM_FOR_A_LOG:
            text = FULL
        super().__init__(f"{what} failed: {cause(text)} (all of it: {log})")


class Running:
    """A child that has been started."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        what: str,
        log: Path,
        *,
        patient: bool = False,
    ) -> None:
        self._child = child
        self._patient = patient
        self._what = what
        self._log = log

    def wait(self, follow: Follow = lambda line: None) -> None:
        """Wait for its end, handing over each line it writes; raises CommandFailed."""
        with self._log.open(errors="replace") as output:
            while self._child.poll() is None:
                _hand_over(output, follow)
                time.sleep(0.05)
            _hand_over(output, follow)
        if self._child.returncode:
            raise CommandFailed(self._what, self._child.returncode, self._log)

    @property
    def returncode(self) -> int | None:
        """Its exit status, once it has ended."""
        return self._child.returncode

    def end(self) -> None:
        """Interrupt it if it still runs, and wait until it has wound up."""
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
        if self._patient:
            self._wind_up()
        try:
            self._child.wait(PATIENCE)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()

    def _wind_up(self) -> None:
        # Further interruptions are passed on; what they do is the child's affair.
        while self._child.poll() is None:
            try:
                self._child.wait()
            except KeyboardInterrupt:
                self._child.send_signal(signal.SIGINT)


@contextmanager
def started(
    argv: Sequence[str | Path],
    *,
    what: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    patient: bool = False,
) -> Iterator[Running]:
    """A child in the background that has ended when the block is left.

    A `patient` one is never killed: what it does elsewhere would be left half done.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output, _interruptible_children():
        child = subprocess.Popen(
            [str(part) for part in argv],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    running = Running(child, what, log, patient=patient)
    try:
        yield running
    finally:
        running.end()


@contextmanager
def _interruptible_children() -> Iterator[None]:
    # A command in the background of a script ignores SIGINT, and its children would.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(
    argv: Sequence[str | Path],
    *,
    what: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    follow: Follow = lambda line: None,
    patient: bool = False,
) -> None:
    """Run a child to its end; raises CommandFailed."""
    with started(argv, what=what, log=log, env=env, cwd=cwd, patient=patient) as child:
        child.wait(follow)


def cause(output: str) -> str:
    """The line of a program's output that best says what went wrong."""
    lines = [line.strip(FRAME) for line in COLOUR.sub("", output).splitlines()]
    lines = [line for line in lines if line] or ["it printed nothing"]
    if FULL in output:
        return FULL
    errors = [line for line in lines if line.lower().startswith(("error", "caused"))]
    return (errors or lines)[-1]


def _hand_over(output: TextIO, follow: Follow) -> None:
    position = output.tell()
    while (line := output.readline()).endswith("\n"):
        follow(line)
        position = output.tell()
    output.seek(position)
