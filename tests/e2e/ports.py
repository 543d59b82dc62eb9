"""Ports of this machine."""

import socket
from contextlib import closing


def is_free(port: int) -> bool:
    """Return True if no server answers on the port."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
