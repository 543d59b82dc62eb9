"""Run programs in LocalStack's virtual environment, which has the patches installed."""

import subprocess

from tidemark.machine import paths

# A program's client of a server that is not there: its calls can be looked at.
CLIENT_OF_SQS = """
from botocore.session import Session

client = Session().create_client(
    "sqs",
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    endpoint_url="http://localhost:1",
)
"""


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
