"""Install the locked files of DynamoDB Local in this virtual environment.

Maven's local repository is the cache: a second installation needs no network.
"""

import contextlib
import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tidemark_localstack.dynamodb_local import home
from tidemark_localstack.dynamodb_local.artifacts import (
    NATIVES,
    Artifact,
    digest,
    locked,
)


class InstallError(Exception):
    """DynamoDB Local cannot be installed; the message is one line."""


def install() -> bool:
    """Install the locked artifacts; return False if they are installed already."""
    artifacts = for_this_machine(locked())
    stamp = hashlib.sha256("\n".join(map(str, artifacts)).encode()).hexdigest()
    target = home()
    marker = target / "installed"
    if marker.is_file() and marker.read_text() == stamp:
        return False
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=target.name) as name:
        scratch = Path(name)
        fresh = scratch / "fresh"
        fresh.mkdir()
        with ThreadPoolExecutor(max_workers=8) as pool:
            for path in pool.map(partial(fetch, scratch=scratch), artifacts):
                link_or_copy(path, fresh / path.name)
        (fresh / marker.name).write_text(stamp)
        if target.exists():
            target.rename(scratch / "stale")
        fresh.rename(target)
    return True


def for_this_machine(
    artifacts: Iterable[Artifact],
    *,
    system: str = platform.system(),
    machine: str = platform.machine(),
) -> list[Artifact]:
    """Return the jars and the SQLite library of this machine."""
    native = NATIVES.get((system, machine))
    if native is None:
        supported = ", ".join(" ".join(pair) for pair in NATIVES)
        raise InstallError(
            f"DynamoDB Local does not run on {system} {machine}: Maven Central has its "
            f"SQLite library for {supported} only"
        )
    return [a for a in artifacts if not a.is_native or a.name == native]


def fetch(artifact: Artifact, *, scratch: Path) -> Path:
    """Return the verified file, from Maven's local repository or Maven Central."""
    from jgo.maven import MavenContext

    cached: Path = maven_artifact(artifact, MavenContext()).cached_path
    if digest(cached) == artifact.sha256:
        return cached
    try:
        # In a folder of its own: jgo writes to the final name while it downloads.
        context = MavenContext(repo_cache=scratch / "m2", timeout=60)
        path: Path = maven_artifact(artifact, context).resolve()
    except Exception as error:
        raise InstallError(f"cannot download {artifact.name}: {error}") from error
    if digest(path) != artifact.sha256:
        raise InstallError(
            f"{artifact.name} from Maven Central differs from its SHA-256 in maven.lock"
        )
    with contextlib.suppress(OSError):
        keep(path, cached)
    return path


def maven_artifact(artifact: Artifact, context: Any) -> Any:
    component = context.project(artifact.group, artifact.name)
    return component.at_version(artifact.version).artifact(packaging=artifact.extension)


def keep(path: Path, cached: Path) -> None:
    """Copy the file to the cache in one step, so that it is never seen in part."""
    cached.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cached.parent) as folder:
        shutil.copy2(path, folder)
        os.replace(Path(folder) / path.name, cached)


def link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
