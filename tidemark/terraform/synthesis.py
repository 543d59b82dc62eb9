"""Synthesise the stack to Terraform JSON, only when one of its inputs changed.

A synth takes ten seconds, and the same input gives the same output: results are cached
under the digest of the sources, the lock and the settings. The functions' code is no
input: `function_code.py` puts it into the result.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import openapi
from infra.settings import Settings
from tidemark.machine import files, paths, subprocesses
from tidemark.machine.progress import Progress
from tidemark.machine.subprocesses import Running
from tidemark.machine.virtualenvs import lock_of, uv_variables

CACHE = paths.STATE / "synth"
KEPT = 8
INPUTS = [paths.ROOT / "infra", lock_of("tool")]


class Synthesis:
    """A running synth, or the result that was found in the cache."""

    def __init__(self, home: Path, draft: Path, running: Running | None) -> None:
        self._home = home
        self._draft = draft
        self._running = running

    def stack(self, progress: Progress) -> Path:
        """Wait for the result: the folder with `cdk.tf.json` and its assets."""
        if self._running:
            with progress.step("Synthesising the stack"):
                self._running.wait()
            self._running = None
            shutil.rmtree(self._home, ignore_errors=True)
            self._draft.rename(self._home)
            _forget_oldest()
        self._home.touch()
        return self._home / "stacks" / "tidemark"


@contextmanager
def started(settings: Settings) -> Iterator[Synthesis]:
    """Start a synth in the background, unless its result is in the cache."""
    home = CACHE / key(settings)
    draft = CACHE / f"draft-{os.getpid()}"
    if (home / "stacks" / "tidemark" / "cdk.tf.json").exists():
        yield Synthesis(home, draft, None)
        return
    shutil.rmtree(draft, ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        with subprocesses.started(
            [sys.executable, "-m", "infra.main"],
            what="Synthesising the stack",
            log=paths.LOGS / "synth.log",
            env=variables(settings, draft),
            cwd=paths.ROOT,
        ) as running:
            yield Synthesis(home, draft, running)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def key(settings: Settings) -> str:
    """The cache key: a digest of the settings and the present sources.

    Of `services/` the stack takes the list of venues, for the webhook's API document.
    """
    api = openapi.document(title="", processor_uri="")
    return files.digest(*INPUTS, salt=settings.model_dump_json() + api)[:16]


def variables(settings: Settings, outdir: Path) -> dict[str, str]:
    """The environment variables of a synth: every setting, given explicitly."""
    chosen = {
        name.upper(): "" if value is None else str(value)
        for name, value in settings.model_dump(mode="json").items()
    }
    return {**uv_variables(os.environ), **chosen, "CDKTF_OUTDIR": str(outdir)}


def _forget_oldest() -> None:
    newest_first = sorted(
        CACHE.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in newest_first[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
