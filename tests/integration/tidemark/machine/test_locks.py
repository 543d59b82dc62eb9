import subprocess
import sys
from pathlib import Path

import pytest

from tidemark.machine import locks
from tidemark.machine.locks import Busy

HOLD = """
import sys
from pathlib import Path
from tidemark.machine import locks
with locks.held(Path(sys.argv[1]), "make up"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_told_which_one_is_running(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout and holder.stdout.readline()

        with pytest.raises(Busy, match=rf"make up \(pid {holder.pid}\)"):
            locks.held(path, "make down").__enter__()

        holder.kill()


def test_a_lock_whose_holder_was_killed_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout and holder.stdout.readline()
        holder.kill()

    with locks.held(path, "make down"):
        assert path.read_text().startswith("make down")
