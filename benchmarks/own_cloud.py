"""A local cloud that exists during a benchmark only, on a free port."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from tidemark.local_cloud import choice
from tidemark.machine import paths
from tidemark.machine.errors import ToolError

# LocalStack's own values and way to poll. It still has the emulator's functions and
# database: the open release of LocalStack has neither.
STOCK = {
    "TIDEMARK_STOCK_PACE": "1",
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "1",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "10",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "60",
    "LAMBDA_RETRY_BASE_DELAY": "60",
}


def check() -> None:
    """Raise `ToolError` in a container, which cannot start another local cloud."""
    if paths.IMAGE:
        raise ToolError(
            "This benchmark starts a local cloud of its own, on the host only: set "
            "TIDEMARK_RUNTIME=host, or measure the present one with QUICK=1."
        )


@contextmanager
def free_port() -> Iterator[int]:
    """Yield a free port; remove the folder of its environments afterwards."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        yield port
    finally:
        shutil.rmtree(paths.cloud_dir(port), ignore_errors=True)


@contextmanager
def deployed(variables: Mapping[str, str]) -> Iterator[int]:
    """Yield the port of a local cloud that was started with these variables, and to
    which the stack is deployed.
    """
    check()
    with free_port() as port:
        given = {**variables, "LOCALSTACK_PORT": str(port)}
        try:
            tool("up", paths.ROOT, given)
            yield port
        finally:
            choice.at(port).stop()  # `make down` would stop the others as well


def tool(command: str, checkout: Path, variables: Mapping[str, str]) -> None:
    """Run a command of the tool on the host, in a checkout."""
    done = subprocess.run(
        ["bin/tidemark", command],
        cwd=checkout,
        env={**os.environ, **variables, "TIDEMARK_RUNTIME": "host"},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise ToolError(f"`make {command}` failed: {done.stdout[-2000:]}")
