"""Virtual environments that contain exactly what their lock file lists.

A stamp in the environment names its lock file and the digest of that. It is written
last: an environment without a valid stamp is incomplete, and is created again.
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
_CACHE = paths.STATE / "uv-cache"
INSTALLING = paths.STATE / "install.lock"
PATIENCE = 900


def lock_of(environment: str) -> Path:
    """Return the lock file of an environment, such as "tool" or "localstack"."""
    return paths.ROOT / "requirements" / f"{environment}.txt"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment and its lock file; `title` is its name in messages."""

    title: str
    path: Path
    lock: Path

    @property
    def python(self) -> Path:
        """The path of its interpreter."""
        return self.path / "bin" / "python"

    @property
    def stamp(self) -> str:
        """The stamp of a complete environment."""
        return f"{self.lock.name} {files.digest(self.lock)}"

    def current(self) -> bool:
        """Return True if the environment matches its lock file."""
        return self.python.exists() and read_stamp(self.path) == self.stamp

    def sync(self, progress: Progress) -> bool:
        """Install what the lock file lists; return True if anything was changed."""
        if self.current():
            return False
        with (
            locks.held(INSTALLING, "an installation", timeout=PATIENCE),
            progress.step(f"Installing {self.title}"),
        ):
            self._sync()
        return True

    def run(self, *arguments: str | Path) -> None:
        """Run a command that installs into this environment."""
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
        """Return the interpreter whose uv installs into it."""
        return Path(sys.executable)

    def create(self) -> None:
        """Create an empty environment."""
        uv = (sys.executable, "-m", "uv", "--quiet")
        self.run(*uv, "venv", "--python", sys.executable, self.path)

    def _sync(self) -> None:
        if self.current():  # the last holder of the lock has installed it
            return
        if not self.python.exists() or not read_stamp(self.path):
            shutil.rmtree(self.path, ignore_errors=True)
            self.create()
        _stamp(self.path).unlink(missing_ok=True)
        self.pip("sync", "--require-hashes", self.lock)
        files.write(_stamp(self.path), self.stamp)


class OwnEnvironment(Environment):
    """`.venv`, which the machine's Python creates and its own uv fills."""

    def installer(self) -> Path:
        """Return its own interpreter."""
        return self.python

    def create(self) -> None:
        """Create it with pip, and install uv."""
        lock = lock_of("bootstrap")
        self.run(sys.executable, "-m", "venv", self.path)
        self.run(self.python, "-m", "pip", "install", "--require-hashes", "-r", lock)


def own(kind: str, *, path: Path = VENV) -> OwnEnvironment:
    """Return `.venv` for "tool" or "dev".

    The development environment contains the tool's: once installed, it is kept.
    """
    dev = lock_of("dev")
    if kind == "dev" or read_stamp(path).startswith(dev.name):
        return OwnEnvironment("the development environment", path, dev)
    return OwnEnvironment("the tool", path, lock_of("tool"))


def read_stamp(path: Path) -> str:
    """Return the stamp of an environment, which is empty if that is incomplete."""
    return files.read(_stamp(path))


def _stamp(path: Path) -> Path:
    return path / "tidemark.lock"


def uv_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of uv: with the index of pip's settings, which it does not
    read, and with a cache in the checkout where the user's cannot be written.
    """
    index = environment.get("UV_DEFAULT_INDEX") or _pip_index(environment)
    return {
        **environment,
        **({"UV_DEFAULT_INDEX": index} if index else {}),
        **({} if _has_cache(environment) else {"UV_CACHE_DIR": str(_CACHE)}),
    }


def _has_cache(environment: Mapping[str, str]) -> bool:
    if environment.keys() & {"UV_CACHE_DIR", "UV_NO_CACHE"}:
        return True
    home = environment.get("HOME") or os.path.expanduser("~")
    cache = Path(environment.get("XDG_CACHE_HOME") or Path(home, ".cache"))
    existing = next(path for path in (cache, *cache.parents) if path.exists())
    return cache.is_absolute() and os.access(existing, os.W_OK | os.X_OK)


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
