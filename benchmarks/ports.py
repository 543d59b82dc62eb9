"""A port for a local cloud that exists during a benchmark only."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tidemark.machine import paths


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
