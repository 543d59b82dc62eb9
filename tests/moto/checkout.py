"""A checkout of its own, in which the tool runs as a user runs it.

It is a copy: what tests change there, and the state that deployments leave there, never
meet the developer's. Neither does the developer's environment: of that, only what finds
programs on this machine is kept.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.archive import build_archive
from infra.settings import Settings, load_settings
from tidemark.machine import paths
from tidemark.terraform.variables import NO_ACCOUNT

PARTS = ("infra", "requirements", "services", "tidemark")
LONGEST_S = 800
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


class CommandFailed(AssertionError):
    """A command of the tool ended with an error; `output` is all it said."""

    def __init__(self, command: str, output: str) -> None:
        self.output = output
        super().__init__(f"{command}:\n{output}")


@dataclass(frozen=True, slots=True)
class Checkout:
    """The folder, and the shell's environment for commands in it."""

    folder: Path
    variables: Mapping[str, str]

    @classmethod
    def made(cls, folder: Path, *, endpoint_url: str) -> "Checkout":
        """A copy of the sources in which nothing has been done yet."""
        return _copy(paths.ROOT, Checkout(folder, _variables(endpoint_url)))

    def cloned(self, folder: Path) -> "Checkout":
        """A colleague's: the same sources, and nothing of what was done here."""
        return _copy(self.folder, Checkout(folder, self.variables))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace the one place in a file that says `old`."""
        file = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} in {path}"
        file.write_text(text.replace(old, new))

    def python(
        self, *arguments: str, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python there, with these settings; raises CommandFailed."""
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**self.variables, **settings},
            capture_output=True,
            text=True,
        )
        if result.returncode:
            command = " ".join(arguments)
            raise CommandFailed(command, result.stdout + result.stderr)
        return result

    def killed(self, moment: threading.Event, *arguments: str, **settings: str) -> str:
        """Run Python there, kill it and all that it started at that moment.

        Return what it said until then on standard output.
        """
        with subprocess.Popen(
            [sys.executable, "-u", *arguments],
            cwd=self.folder,
            env={**self.variables, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process:
            came = moment.wait(LONGEST_S)
            _kill_session(process.pid)
            said, _ = process.communicate()
        assert came, said
        return said


def _kill_session(leader: int) -> None:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(entry.name)) == leader:
                os.kill(int(entry.name), signal.SIGKILL)


def _copy(source: Path, checkout: Checkout) -> Checkout:
    for part in PARTS:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / part, checkout.folder / part, ignore=unwanted)
    # Two commands at once, each with no packages there, would both install them.
    build_archive(checkout.folder)
    return checkout


def _variables(endpoint_url: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PYTHON", "PYTEST_"))
        and name.lower() not in Settings.model_fields
    }
    return {
        **kept,
        **NO_ACCOUNT,
        **CREDENTIALS,
        **_of_the_machine(),
        "AWS_ENDPOINT_URL": endpoint_url,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "TARGET": "aws",
    }


def _of_the_machine() -> dict[str, str]:
    # What took time to fetch or unpack is used again. Of the developer's `.env`, only
    # the program and the folder of its provider are taken: they belong to the machine.
    shared = {
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(paths.STATE / "jsii"),
        "TF_PLUGIN_CACHE_DIR": str(paths.STATE / "terraform-plugins"),
    }
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    del defaults["terraform"], defaults["terraform_plugin_dir"]
    settings = load_settings(**defaults)
    folder = settings.terraform_plugin_dir
    return {
        **shared,
        "TERRAFORM": settings.terraform or "",
        "TERRAFORM_PLUGIN_DIR": str(folder.resolve()) if folder else "",
    }
