"""The code of the functions: one archive of `services/`, from which all of them run.

A synthesised stack is the same whatever the code is, except for the archive and for its
digest in each function. So the code is put into a stack that was synthesised before.
"""

import json
import shutil
from pathlib import Path

from infra import archive
from infra.archive import ArchiveError, build_archive
from tidemark.machine import files, paths
from tidemark.machine.errors import ToolError


def key() -> str:
    """A digest of the present sources of the archive."""
    sources = (paths.ROOT / name for name in ("services", archive.LOCK))
    return files.digest(*sources)[:16]


def build() -> Path:
    """Build the archive of the present sources. Raises `ToolError`."""
    check_syntax(paths.ROOT / "services")
    try:
        return build_archive(paths.ROOT)
    except ArchiveError as error:
        raise ToolError(str(error)) from error


def check_syntax(folder: Path) -> None:
    """Raise `ToolError` with the place of the first syntax error."""
    for path in sorted(folder.rglob("*.py")):
        try:
            compile(path.read_bytes(), path, "exec", dont_inherit=True)
        except SyntaxError as error:
            where = path.relative_to(folder.parent)
            raise ToolError(f"{where}:{error.lineno}: {error.msg}") from error


def insert(configuration: Path, built: Path) -> None:
    """Make an archive the code of the functions in a folder's `cdk.tf.json`."""
    stack = json.loads(configuration.read_text())
    functions = stack["resource"].get("aws_lambda_function", {}).values()
    for function in functions:
        file = configuration.parent / function["filename"]
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built, file)
        function["source_code_hash"] = archive.digest(built)
    if functions:
        files.write(configuration, json.dumps(stack, indent=2))
