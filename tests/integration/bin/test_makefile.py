"""What `make` hands to the tool."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """#!/bin/sh
printf '%s\\n' "$@"
"""
ODD = 'it\'s a "file" of $5 & `more`.csv'

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    program = tmp_path / "bin" / "tidemark"
    program.parent.mkdir()
    program.write_text(PROGRAM)
    program.chmod(0o755)
    return tmp_path


def made(checkout: Path, *arguments: str) -> list[str]:
    # A `make -j` that runs these tests hands its jobs down in MAKEFLAGS.
    inherited = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=checkout,
        env={
            name: value for name, value in os.environ.items() if name not in inherited
        },
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_the_name_of_a_file_arrives_as_it_was_given(checkout: Path) -> None:
    assert made(checkout, "demo", f"FILE={ODD}", "SYMBOL=BTC USD") == [
        *("demo", "--file", ODD)
    ]


def test_without_variables_no_option_is_given(checkout: Path) -> None:
    assert made(checkout, "demo") == ["demo"]
    assert made(checkout, "logs") == ["logs"]


def test_the_span_of_logs_arrives_as_it_was_given(checkout: Path) -> None:
    assert made(checkout, "logs", "F=1", "SINCE=2024-03-01 10:00") == [
        *("logs", "--follow", "--since", "2024-03-01 10:00")
    ]
