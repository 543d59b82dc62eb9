"""Run programs in LocalStack's virtual environment, which has the patches installed."""

import subprocess

from tidemark.machine import paths


def output_of(program: str) -> list[str]:
    """Return the lines that a Python program prints."""
    done = subprocess.run(
        [paths.LOCALSTACK / "bin" / "python", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
