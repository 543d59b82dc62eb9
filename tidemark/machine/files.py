"""Write files in one step, read them, and compute digests of them."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that an interruption leaves the old content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def read(path: Path) -> str:
    """Return the text of a file, or an empty string if it does not exist."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def digest(*roots: Path, salt: str = "") -> str:
    """Return a SHA-256 of the names and contents of files, except those of caches."""
    total = hashlib.sha256(salt.encode())
    for root in roots:
        for path in _files(root):
            name = path.relative_to(root.parent).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"\n{name} {content}".encode())
    return total.hexdigest()


def _files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return [root]
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not _is_cache(path.relative_to(root))
    )


def _is_cache(path: Path) -> bool:
    return any(
        part in ("__pycache__", "build") or part.endswith(".egg-info")
        for part in path.parts
    )
