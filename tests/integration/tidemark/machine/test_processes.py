import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.skip_markers import needs_ps
from tidemark.machine import processes
from tidemark.machine.processes import Process

PARENT = """
import subprocess, sys
pause = "import signal; signal.pause()"
child = subprocess.Popen([sys.executable, "-c", pause], process_group=0)
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def leader() -> Iterator[subprocess.Popen[str]]:
    """A session leader with one child in a group of its own."""
    argv = [sys.executable, "-c", PARENT]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        process = identified(child.pid)
        yield child
        child.kill()
        processes.end(processes.family(process), grace=1)


def child_of(leader: subprocess.Popen[str]) -> int:
    assert leader.stdout
    return int(leader.stdout.readline())


def identified(pid: int) -> Process:
    process = processes.identify(pid)
    assert process
    return process


def test_a_process_with_another_start_time_is_not_alive() -> None:
    this = identified(os.getpid())

    assert this.alive()
    assert not Process(this.pid, "another time").alive()


def test_a_process_with_another_start_time_is_not_signalled() -> None:
    Process(os.getpid(), "another time").send(signal.SIGKILL)


def test_a_zombie_is_not_alive(leader: subprocess.Popen[str]) -> None:
    child_of(leader)
    process = identified(leader.pid)

    leader.kill()
    os.waitid(os.P_PID, leader.pid, os.WEXITED | os.WNOWAIT)

    assert not process.alive()


def test_a_family_is_the_leader_and_its_children(
    leader: subprocess.Popen[str],
) -> None:
    child = child_of(leader)

    family = processes.family(identified(leader.pid))

    assert [process.pid for process in family] == [leader.pid, child]


def test_children_of_a_killed_leader_are_still_its_family(
    leader: subprocess.Popen[str],
) -> None:
    child = child_of(leader)
    process = identified(leader.pid)
    leader.kill()
    leader.wait()

    family = processes.family(process)

    assert [member.pid for member in family] == [child]


def test_a_reused_process_id_has_no_family() -> None:
    assert processes.family(Process(os.getpid(), "another time")) == []


def test_a_family_that_was_stopped_has_no_living_member(
    leader: subprocess.Popen[str],
) -> None:
    child_of(leader)
    family = processes.family(identified(leader.pid))

    processes.end(family, grace=0.1)

    assert [process for process in family if process.alive()] == []


def test_a_process_is_found_by_its_exact_arguments(
    leader: subprocess.Popen[str],
) -> None:
    child_of(leader)

    found = processes.find(["-c", PARENT])

    assert found == identified(leader.pid)
    assert processes.find(["-c", PARENT, "more"]) is None


@needs_ps
def test_without_proc_the_table_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from_proc = {row.process.pid: row.parent for row in processes.table(os.getpid())}

    monkeypatch.setattr(processes, "PROC", Path("/nowhere"))

    from_ps = {row.process.pid: row.parent for row in processes.table(os.getpid())}
    assert from_ps == from_proc
    assert len(processes.table()) > 1
    assert identified(os.getpid()).alive()
