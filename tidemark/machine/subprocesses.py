"""Run other programs so that an interruption does not break off their work.

A child writes to a log file, so that it can continue if the tool is killed. It has its
own process group: Ctrl-C reaches only the tool, which passes it on once and then waits.
"""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tidemark.machine.errors import ToolError
from tidemark.machine.exits import INTERRUPTIONS

Follow = Callable[[str], None]
PATIENCE = 60
ROOM_FOR_A_LOG = 1_000_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FULL = "No space left on device"
FRAME = " \t│╷╵├▶╰─\N{MULTIPLICATION SIGN}"  # Terraform and uv draw it around messages


class CommandFailed(ToolError):
    """A program failed; `log` is the file with its complete output."""

    def __init__(self, what: str, returncode: int, log: Path) -> None:
        self.returncode = returncode
        self.log = log
        text = log.read_text(errors="replace")
        if shutil.disk_usage(log).free < ROOM_FOR_A_LOG:
            text = FULL
        super().__init__(f"{what} failed: {cause(text)} (all of it: {log})")


class Running:
    """A child that was started."""

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
        """Wait until it exits, and call `follow` with each line that it prints.

        Raises `CommandFailed`.
        """
        with self._log.open(errors="replace") as output:
            while self._child.poll() is None:
                _pass_lines(output, follow)
                time.sleep(0.05)
            _pass_lines(output, follow)
        if self._child.returncode:
            raise CommandFailed(self._what, self._child.returncode, self._log)

    @property
    def returncode(self) -> int | None:
        """The exit status, or None while it is running."""
        return self._child.returncode

    def end(self) -> None:
        """Interrupt it if it is still running, and wait until it exits."""
        if self._child.poll() is not None:
            return
        if self._patient:
            # The child decides how to react to further interruptions.
            with _interruptions_call(self._interrupt):
                self._interrupt()
                self._child.wait()
            return
        self._interrupt()
        try:
            self._child.wait(PATIENCE)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()

    def _interrupt(self) -> None:
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
    """Start a child that runs while the block does; at its end, interrupt the child.

    A `patient` child is never killed: its work in the cloud would be left incomplete.
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
def _interruptions_call(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` for each signal that would else raise an exception, at any line."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread
        return
    handlers = {number: signal.getsignal(number) for number in INTERRUPTIONS}
    raising = {n: handler for n, handler in handlers.items() if callable(handler)}
    try:
        for number in raising:
            signal.signal(number, lambda *_: act())
        yield
    finally:
        for number, handler in raising.items():
            signal.signal(number, handler)


@contextmanager
def _interruptible_children() -> Iterator[None]:
    # A background command of a script ignores SIGINT, and its children inherit that.
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
    """Run a child and wait until it exits. Raises `CommandFailed`."""
    with started(argv, what=what, log=log, env=env, cwd=cwd, patient=patient) as child:
        child.wait(follow)


def cause(output: str) -> str:
    """Return the line of a program's output that best describes its failure."""
    lines = [line.strip(FRAME) for line in COLOUR.sub("", output).splitlines()]
    lines = [line for line in lines if line] or ["it printed nothing"]
    if FULL in output:
        return FULL
    errors = [line for line in lines if line.lower().startswith(("error", "caused"))]
    return (errors or lines)[-1]


def _pass_lines(output: TextIO, follow: Follow) -> None:
    position = output.tell()
    while (line := output.readline()).endswith("\n"):
        follow(line)
        position = output.tell()
    output.seek(position)
