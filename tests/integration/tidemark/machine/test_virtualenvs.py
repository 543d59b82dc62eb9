import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tidemark.machine import files, paths, virtualenvs
from tidemark.machine.progress import Plain
from tidemark.machine.subprocesses import CommandFailed
from tidemark.machine.virtualenvs import Environment, own, uv_variables

# Replaces python and its uv: `uv venv` copies it into place; all calls are noted.
PYTHON = """#!/bin/sh
echo "$@" >> "{asked}"
test -e "{broken}" && echo "error: no network" && exit 1
case "$*" in *" venv "*) for last; do :; done
  mkdir -p "$last/bin" && cp "$0" "$last/bin/python";;
esac
"""


@pytest.fixture
def asked(
    checkout: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """What python was asked to do."""
    home = tmp_path_factory.mktemp("python")
    python = home / "python"
    python.write_text(PYTHON.format(asked=home / "asked", broken=home / "broken"))
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(virtualenvs, "INSTALLING", home / "lock")
    monkeypatch.setattr(virtualenvs, "_uv_environment", lambda: dict(os.environ))
    return home / "asked"


@pytest.fixture
def environment(checkout: Path) -> Environment:
    lock = checkout / "some.txt"
    lock.write_text("one==1")
    return Environment("some software", checkout / "environment", lock)


def commands(asked: Path) -> list[str]:
    lines = asked.read_text().splitlines()
    return [line.split("--python")[0].strip() for line in lines]


def test_a_missing_environment_is_created_and_installed_once(
    environment: Environment, asked: Path
) -> None:
    assert environment.sync(Plain())
    assert not environment.sync(Plain())

    assert commands(asked) == ["-m uv --quiet venv", "-m uv --quiet pip sync"]


def test_a_changed_lock_is_installed_into_the_same_environment(
    environment: Environment, asked: Path
) -> None:
    environment.sync(Plain())
    environment.lock.write_text("one==2")

    environment.sync(Plain())

    assert commands(asked)[2:] == ["-m uv --quiet pip sync"]


def test_an_incomplete_environment_is_created_again(
    environment: Environment, asked: Path
) -> None:
    environment.sync(Plain())
    environment.lock.write_text("one==2")
    asked.with_name("broken").touch()
    with pytest.raises(CommandFailed, match="some software failed: error: no network"):
        environment.sync(Plain())
    asked.with_name("broken").unlink()

    environment.sync(Plain())

    assert commands(asked)[-2:] == ["-m uv --quiet venv", "-m uv --quiet pip sync"]
    assert environment.current()


def test_an_environment_without_its_python_is_created_again(
    environment: Environment, asked: Path
) -> None:
    environment.sync(Plain())
    environment.python.unlink()

    environment.sync(Plain())

    assert environment.current()


def test_the_development_environment_is_kept(checkout: Path) -> None:
    for name in ("tool.txt", "dev.txt"):
        files.write(checkout / "requirements" / name, "")
    venv = checkout / ".venv"
    assert own("tool", path=venv).lock.name == "tool.txt"

    venv.mkdir()
    venv.joinpath("tidemark.lock").write_text(own("dev", path=venv).stamp)

    assert own("tool", path=venv).lock.name == "dev.txt"


@pytest.mark.parametrize(
    "variables",
    [
        {"PIP_INDEX_URL": "https://example.com/simple"},
        {"PIP_CONFIG_FILE": "pip.conf"},
    ],
)
def test_the_index_of_pip_is_passed_on_to_uv(
    variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = "[global]\nindex-url = https://example.com/simple"
    tmp_path.joinpath("pip.conf").write_text(config)

    assert uv_variables(variables)["UV_DEFAULT_INDEX"] == "https://example.com/simple"


@pytest.mark.parametrize("home", ["a-file", "not/absolute"])
def test_without_a_home_to_write_to_uv_has_a_cache_in_the_checkout(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()

    given = uv_variables({"UV_DEFAULT_INDEX": "https://a.example", "HOME": home})

    assert given["UV_CACHE_DIR"] == str(paths.STATE / "uv-cache")


def test_with_a_home_to_write_to_uv_has_its_usual_cache(tmp_path: Path) -> None:
    given = uv_variables(
        {"UV_DEFAULT_INDEX": "https://a.example", "HOME": str(tmp_path)}
    )

    assert "UV_CACHE_DIR" not in given


def test_the_index_of_uv_has_priority() -> None:
    both = {
        "HOME": "/tmp",
        "UV_DEFAULT_INDEX": "https://a.example",
        "PIP_INDEX_URL": "https://b.example",
    }

    assert uv_variables(both) == both


def test_an_older_python_is_one_line() -> None:
    program = (
        "import sys; sys.version_info = (3, 8, 1); sys.argv = ['', 'tool']\n"
        "import runpy; runpy.run_module('tidemark.bootstrap', run_name='__main__')"
    )

    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"PATH": os.defpath},
    )

    assert result.returncode == 1
    assert result.stderr.startswith("Tidemark needs Python 3.13 as `python3`; this one")
    assert result.stderr.count("\n") == 1
