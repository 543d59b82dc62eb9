"""shellcheck finds nothing in the scripts."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SHELLCHECK = Path(sys.prefix) / "bin" / "shellcheck"


def test_shellcheck_finds_nothing() -> None:
    scripts = [
        path
        for folder in ("bin", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in (".awk", ".env")
    ]
    assert scripts

    done = subprocess.run(
        [SHELLCHECK, "--external-sources", *scripts],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
