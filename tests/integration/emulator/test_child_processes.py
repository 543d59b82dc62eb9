"""Child processes never outlive their parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

EMULATOR = Path(__file__).parents[3] / "emulator"

# Starts a child and a grandchild, which keep the pipe of `argv[1]` open, then reads
# orders from stdin.
PARENT = """
import os, sys
from tidemark_localstack import child_processes
pipe = int(sys.argv[1])
child = child_processes.spawn(["/bin/sh", "-c", "sleep 600 & wait"], pass_fds=[pipe])
os.close(pipe)
print("started", flush=True)
for order in sys.stdin:
    match order.strip():
        case "release":
            child_processes.release(child.pid)
            print("released", child.wait(), flush=True)
        case "end":
            child_processes.kill_all()
            print("ended", flush=True)
        case "spawn":
            print("spawned", child_processes.spawn(["sleep", "600"]).wait(), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Parent:
    process: subprocess.Popen[str]
    pipe: IO[bytes]

    def say(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def obey(self, order: str) -> str:
        assert self.process.stdin is not None
        print(order, file=self.process.stdin, flush=True)
        return self.say()

    def assert_no_child_left(self) -> None:
        # Reading ends when the last process that has the pipe open has exited.
        assert self.pipe.read() == b""


@pytest.fixture
def parent() -> Iterator[Parent]:
    reader, writer = os.pipe()
    with (
        open(reader, "rb") as pipe,
        subprocess.Popen(
            [sys.executable, "-c", PARENT, str(writer)],
            pass_fds=[writer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=EMULATOR,
        ) as process,
    ):
        os.close(writer)
        started = Parent(process, pipe)
        assert started.say() == "started"
        yield started
        process.kill()


def test_a_killed_parent_leaves_no_process(parent: Parent) -> None:
    parent.process.kill()

    parent.assert_no_child_left()


def test_kill_all_leaves_no_process(parent: Parent) -> None:
    assert parent.obey("end") == "ended"

    parent.assert_no_child_left()


def test_a_released_group_is_killed_and_its_parent_keeps_running(
    parent: Parent,
) -> None:
    assert parent.obey("release") == f"released {-signal.SIGKILL}"

    parent.assert_no_child_left()
    assert parent.process.poll() is None


def test_a_process_started_after_kill_all_is_killed_immediately(parent: Parent) -> None:
    parent.obey("end")

    assert parent.obey("spawn") == f"spawned {-signal.SIGKILL}"
