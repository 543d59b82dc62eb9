"""The addresses that `localhost` may mean: clients try ::1 or 127.0.0.1 first."""

import socket

IPV4 = "127.0.0.1"
IPV6 = "::1"


def hosts(listen: str) -> list[str]:
    """Return the hosts to listen on: for 127.0.0.1, ::1 as well where there is IPv6."""
    return [listen, f"[{IPV6}]"] if listen == IPV4 and _has_ipv6() else [listen]


def _has_ipv6() -> bool:
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((IPV6, 0))
    except OSError:
        return False
    return True
