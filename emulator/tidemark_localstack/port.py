"""Check if a port is in use, because LocalStack prints `Ready.` even then."""

import socket


def is_taken(port: int) -> bool:
    """Return True if `localhost` answers on the port, or the port cannot be bound."""
    return _answers(port) or not _can_bind(port)


def _answers(port: int) -> bool:
    try:
        # Tries both ::1 and 127.0.0.1, as clients of "localhost" do.
        socket.create_connection(("localhost", port), timeout=1).close()
    except OSError:
        return False
    return True


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
