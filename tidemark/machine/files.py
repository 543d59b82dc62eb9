"""Files that are whole or absent, however a command ends, and digests of them."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Replace a file in one step; an interruption leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def read(path: Path) -> str:
    """The file's text, or nothing where there is no such file."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def digest(*roots: Path, salt: str = "") -> str:
    """SHA-256 over the names and bytes of files and folders, caches aside."""
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
