"""LocalStack's own Python, where its release is at hand and the patches for it."""

import subprocess

from tidemark.machine import paths


def said_by(program: str) -> list[str]:
    """The lines that a program prints there."""
    done = subprocess.run(
        [paths.LOCALSTACK / "bin" / "python", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()
