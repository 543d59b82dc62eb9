"""Python environments that are exactly what a lock file says.

A stamp inside the environment names its lock and the lock's digest, and is written
last. One that a killed installation left half made has no good stamp and is made anew.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tidemark.machine import files, locks, paths, subprocesses
from tidemark.machine.progress import Progress

VENV = paths.ROOT / ".venv"
INSTALLING = paths.STATE / "install.lock"
PATIENCE = 900


def lock_of(environment: str) -> Path:
    """Return the lock file of an environment, such as "tool" or "localstack"."""
    return paths.ROOT / "requirements" / f"{environment}.txt"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment and the lock it follows; `title` is for people."""

    title: str
    path: Path
    lock: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / "bin" / "python"

    @property
    def stamp(self) -> str:
        """The stamp of an environment that holds what the lock says."""
        return f"{self.lock.name} {files.digest(self.lock)}"

    def current(self) -> bool:
        """Whether it holds what its lock says."""
        return self.python.exists() and read_stamp(self.path) == self.stamp

    def sync(self, progress: Progress) -> bool:
        """Make it so; whether anything had to be done."""
        if self.current():
            return False
        with (
            locks.held(INSTALLING, "an installation", timeout=PATIENCE),
            progress.step(f"Installing {self.title}"),
        ):
            self._sync()
        return True

    def run(self, *arguments: str | Path) -> None:
        """Run an installer's command on this environment."""
        subprocesses.run(
            arguments,
            what=f"Installing {self.title}",
            log=paths.LOGS / f"install-{self.path.name.lstrip('.')}.log",
            env=_uv_environment(),
        )

    def pip(self, command: str, *arguments: str | Path) -> None:
        """Run `uv pip` on this environment."""
        uv = (self.installer(), "-m", "uv", "--quiet")
        self.run(*uv, "pip", command, "--python", self.python, *arguments)

    def installer(self) -> Path:
        """The interpreter whose uv fills it."""
        return Path(sys.executable)

    def create(self) -> None:
        """Make it, empty."""
        uv = (sys.executable, "-m", "uv", "--quiet")
        self.run(*uv, "venv", "--python", sys.executable, self.path)

    def _sync(self) -> None:
        if self.current():  # by whoever held the lock before
            return
        if not self.python.exists() or not read_stamp(self.path):
            shutil.rmtree(self.path, ignore_errors=True)
            self.create()
        _stamp(self.path).unlink(missing_ok=True)
        self.pip("sync", "--require-hashes", self.lock)
        files.write(_stamp(self.path), self.stamp)


class OwnEnvironment(Environment):
    """`.venv`: made by the machine's Python, and filled by its own uv."""

    def installer(self) -> Path:
        """Its own interpreter."""
        return self.python

    def create(self) -> None:
        """Make it with pip, which brings uv."""
        lock = lock_of("bootstrap")
        self.run(sys.executable, "-m", "venv", self.path)
        self.run(self.python, "-m", "pip", "install", "--require-hashes", "-r", lock)


def own(kind: str, *, path: Path = VENV) -> OwnEnvironment:
    """`.venv` for the "tool" or for "dev", which holds the tool's and stays."""
    dev = lock_of("dev")
    if kind == "dev" or read_stamp(path).startswith(dev.name):
        return OwnEnvironment("the development environment", path, dev)
    return OwnEnvironment("the tool", path, lock_of("tool"))


def read_stamp(path: Path) -> str:
    """Which lock an environment was made from, and its digest; empty if unfinished."""
    return files.read(_stamp(path))


def _stamp(path: Path) -> Path:
    return path / "tidemark.lock"


def uv_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """uv's environment: it does not read pip's settings, so it is told their index."""
    index = environment.get("UV_DEFAULT_INDEX") or _pip_index(environment)
    return {**environment, **({"UV_DEFAULT_INDEX": index} if index else {})}


def _pip_index(environment: Mapping[str, str]) -> str | None:
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        env=environment,
        capture_output=True,
        text=True,
    ).stdout
    found = dict(re.findall(r"^(\S+)\.index-url='(.*)'$", listed, re.MULTILINE))
    return found.get(":env:") or found.get("install") or found.get("global")


@cache
def _uv_environment() -> dict[str, str]:
    return uv_variables(os.environ)
