"""Ports of this machine."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tidemark.machine import locks

FOLDER = Path(tempfile.gettempdir(), f"tidemark-e2e-{os.getuid()}")


@contextmanager
def claimed(port: int) -> Iterator[None]:
    """Keep tests in other checkouts from the port, which is free until the local cloud
    listens. Raises `locks.Busy`.
    """
    with locks.held(FOLDER / f"{port}.lock", "the end-to-end tests"):
        yield


def is_free(port: int) -> bool:
    """Return True if no server answers on the port."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
