import socket
import subprocess
import sys
import time
from contextlib import suppress

from tests.integration.dynamodb import LONGEST_START_S
from tidemark.machine import paths

# What the `dynamodb` fixture does, in a process that can be killed.
TEST_RUN = """
import sys, time
sys.path[:0] = [".", "emulator"]
from tests.integration.dynamodb import running_dynamodb
with running_dynamodb() as client:
    print(client.meta.endpoint_url.rpartition(":")[2], flush=True)
    time.sleep(600)
"""


def test_a_test_run_that_is_killed_leaves_no_dynamodb_local() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TEST_RUN],
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        port = int(run.stdout.readline())
        run.kill()

    wait_until_nothing_listens(port)


def wait_until_nothing_listens(port: int) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    with suppress(ConnectionRefusedError):
        while time.monotonic() < deadline:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.05)
        raise AssertionError(f"DynamoDB Local still listens on port {port}")
