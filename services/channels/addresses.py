"""Which addresses of a server may be connected to: those of the public internet."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

# As `socket.getaddrinfo`: family, kind, protocol, name and address of each result.
type Resolve = Callable[..., Sequence[tuple[Any, ...]]]

# Addresses under which a gateway offers those of IPv4, and private ones with them.
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def is_public(address: str) -> bool:
    """Return True if it is an address of the public internet, of one host."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if any(ip in network for network in _NAT64):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour
        ip = inner or ip
    return _is_global(ip)


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast
