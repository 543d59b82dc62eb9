"""Pack `services/` and the packages that it imports into one zip for every function.

The same sources give the same bytes, so that Terraform reports a change of code only if
the code has changed.
"""

import hashlib
import os
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements/lambda.txt"


class ArchiveError(RuntimeError):
    """The archive cannot be built."""


def build_archive(root: Path = ROOT) -> Path:
    """Write `.tidemark/build/functions.zip` below `root` and return its path."""
    archive = root / ".tidemark" / "build" / "functions.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    packages, services = _packages(root), root / "services"
    entries = {**dict(_files(packages, packages)), **dict(_files(services, root))}
    with TemporaryDirectory(dir=archive.parent) as folder:
        draft = Path(folder, archive.name)
        with zipfile.ZipFile(draft, "w") as bundle:
            for name in sorted(entries):
                bundle.writestr(_entry(name), entries[name].read_bytes())
        draft.replace(archive)
    return archive


def digest(archive: Path) -> str:
    """SHA-256 of an archive as Lambda and Terraform write it."""
    return b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # dated 1980-01-01
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _files(source: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if _belongs(name)]
        paths = (Path(folder, name) for name in names if _belongs(name))
        yield from ((path.relative_to(root).as_posix(), path) for path in paths)


def _belongs(name: str) -> bool:
    # A package's scripts contain the path of the interpreter that installed them, and
    # its records contain their digests. Both differ each time, and neither is needed.
    return name not in {"bin", "__pycache__"} and not (
        name.startswith(".") or name.endswith(".dist-info")
    )


def packages_folder(root: Path) -> Path:
    """Where the packages are kept that the present lock names."""
    version = hashlib.sha256((root / LOCK).read_bytes()).hexdigest()[:16]
    return root / ".tidemark" / f"lambda-packages-{version}"


def _packages(root: Path) -> Path:
    packages = packages_folder(root)
    if not packages.exists():
        with TemporaryDirectory(dir=packages.parent) as folder:
            draft = Path(folder, "packages")
            _install(root / LOCK, draft)
            _refuse_compiled(draft)
            draft.rename(packages)
    return packages


def _install(lock: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet"]
    command += ["--python-platform", "aarch64-unknown-linux-gnu"]
    command += ["--python-version", "3.13", "--only-binary", ":all:"]
    command += ["--require-hashes", "--no-deps", "--target", str(folder)]
    result = subprocess.run(
        [*command, "--requirement", str(lock)], capture_output=True, text=True
    )
    if result.returncode:
        raise ArchiveError(f"{LOCK} cannot be installed:\n{result.stderr.strip()}")


def _refuse_compiled(folder: Path) -> None:
    # One archive runs on arm64 on AWS and on the local machine, whatever that is.
    compiled = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in {".so", ".pyd", ".dylib"}
    )
    if compiled:
        raise ArchiveError(f"{LOCK} brings compiled code: {', '.join(compiled)}")
