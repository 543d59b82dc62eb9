"""Validate the fields of a channel's definition.

The fields are secrets: an error says what is accepted, and never what was given.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from services.market.errors import InvalidValue

LONGEST = 2048
_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
SHORTEST_SECRET_PART = 8

type Definition = Mapping[str, Any]


def check_name(name: str) -> str:
    """Return the name of a channel. Raises `InvalidValue`."""
    if not _NAME.fullmatch(name):
        raise InvalidValue("name", f"{name!r:.60} is not 1-40 of a-z 0-9 -")
    return name


def check_fields(given: Definition, known: Collection[str]) -> None:
    """Raise `InvalidValue` for a field that the type does not have."""
    for name in given:
        if name not in known:
            accepted = ", ".join(known)
            raise InvalidValue("channel", f"accepts only the fields {accepted}")


def text_of(given: Definition, field: str, pattern: str, accepted: str) -> str:
    """A field that is text of that pattern. Raises `InvalidValue`."""
    value = given.get(field)
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise InvalidValue(field, f"expected {accepted}")
    return value


def url_of(
    given: Definition,
    field: str,
    *,
    accepted: str,
    test_hosts: Collection[str],
    hosts: Collection[str] = (),
) -> str:
    """A field that is an https URL, on one of `hosts` if there are any. A server among
    `test_hosts` may also be addressed with http. Raises `InvalidValue`.
    """
    value = given.get(field)
    bad = InvalidValue(field, f"expected {accepted}")
    if not isinstance(value, str) or len(value) > LONGEST:
        raise bad
    if not _PRINTABLE.fullmatch(value):
        raise bad
    try:
        url = urlsplit(value)
        host, port = url.hostname, url.port
    except ValueError:
        raise bad from None
    if not host or url.username is not None or url.fragment:
        raise bad
    if f"{host}:{port}" in test_hosts and url.scheme in ("http", "https"):
        return value
    if url.scheme != "https" or (hosts and (host not in hosts or port is not None)):
        raise bad
    return value


def host_of(url: str) -> str:
    """The host of a valid URL, with its port if it has one: all that may be shown."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def secret_parts(url: str) -> tuple[str, ...]:
    """The URL, and the parts of its path and query that could be keys."""
    parts = urlsplit(url)
    pieces = re.split(r"[/?&=;]", f"{parts.path}?{parts.query}")
    return (url, *(piece for piece in pieces if len(piece) >= SHORTEST_SECRET_PART))
