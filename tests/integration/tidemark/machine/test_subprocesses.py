import json
import signal
import sys
from pathlib import Path

import pytest

from tidemark.machine import subprocesses
from tidemark.machine.subprocesses import CommandFailed

# A signal that comes just before `signal.pause()` would not end that.
FOR_EVER = "while True: time.sleep(0.01)"
CAUSES = Path(__file__).parents[3] / "payloads" / "causes.json"


def test_each_line_of_a_child_is_passed_on(tmp_path: Path) -> None:
    lines: list[str] = []

    subprocesses.run(
        [sys.executable, "-c", "print('one'); print('two')"],
        what="Counting",
        log=tmp_path / "logs" / "log",
        follow=lines.append,
    )

    assert lines == ["one\n", "two\n"]


def test_a_failure_names_its_cause_and_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"

    with pytest.raises(CommandFailed, match=rf"Counting failed: three \(.*{log}\)"):
        subprocesses.run(
            [sys.executable, "-c", "import sys; sys.exit('two\\nthree')"],
            what="Counting",
            log=log,
        )


def test_a_child_is_interrupted_and_awaited_at_the_end_of_its_block(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    program = (
        "import signal, sys, time\n"
        "def end(*_): print('wound up'); sys.exit()\n"
        "signal.signal(signal.SIGINT, end)\n"
        "print('ready', flush=True)\n"
        f"{FOR_EVER}"
    )

    with (
        pytest.raises(KeyboardInterrupt),
        subprocesses.started(
            [sys.executable, "-c", program], what="", log=log
        ) as child,
    ):
        child.wait(interrupt)

    assert log.read_text() == "ready\nwound up\n"


def interrupt(line: str) -> None:
    raise KeyboardInterrupt


def test_a_patient_child_is_never_killed_however_often_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setattr(subprocesses, "PATIENCE", 0)
    program = (
        "import os, signal, time\n"
        "came = []\n"
        "def refuse(*_): came.append(1); print('not yet', flush=True)\n"
        "signal.signal(signal.SIGINT, refuse)\n"
        "print('ready', flush=True)\n"
        "while not came: time.sleep(0.01)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "while len(came) < 2: time.sleep(0.01)\n"
        "print('wound up')"
    )

    with (
        pytest.raises(KeyboardInterrupt),
        subprocesses.started(
            [sys.executable, "-c", program], what="", log=log, patient=True
        ) as child,
    ):
        child.wait(interrupt)

    assert log.read_text() == "ready\nnot yet\nnot yet\nwound up\n"


def test_a_child_that_ignores_the_interruption_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocesses, "PATIENCE", 0.1)
    program = (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "signal.pause()"
    )

    with (
        pytest.raises(KeyboardInterrupt),
        subprocesses.started(
            [sys.executable, "-c", program], what="", log=tmp_path / "log"
        ) as child,
    ):
        child.wait(interrupt)

    assert child.returncode == -signal.SIGKILL


def test_a_child_is_interrupted_where_this_process_ignores_interruptions(
    tmp_path: Path,
) -> None:
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = f"import time\nprint('ready', flush=True)\n{FOR_EVER}"

    with (
        pytest.raises(KeyboardInterrupt),
        subprocesses.started(
            [sys.executable, "-c", program], what="", log=tmp_path / "log"
        ) as child,
    ):
        ignored = signal.signal(signal.SIGINT, former)
        child.wait(interrupt)

    assert ignored is signal.SIG_IGN
    assert child.returncode == -signal.SIGINT


@pytest.mark.parametrize("case", json.loads(CAUSES.read_text()))
def test_the_cause_is_the_line_that_says_most(case: dict[str, str]) -> None:
    assert subprocesses.cause(case["output"]) == case["cause"]


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("│ Error: in a frame\n╵\n", "Error: in a frame"),
        ("\x1b[31mFailed to write state\x1b[0m\x1b[0m", "Failed to write state"),
    ],
)
def test_the_cause_is_printed_without_frames_and_colours(
    output: str, cause: str
) -> None:
    assert subprocesses.cause(output) == cause
