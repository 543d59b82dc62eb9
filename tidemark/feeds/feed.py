"""What a venue's file says of its public WebSocket; `connection.py` speaks it.

A venue has one market or several. Each market has an address of its own, and names of
its own for instruments. All functions here are pure: a connection keeps what it has
learnt itself.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tidemark.feeds.instrument import Instrument

type Message = Mapping[str, Any]
type Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Market:
    """One address of a venue.

    `native` returns the venue's name of an instrument, or None for one that is not
    traded here. `query` is what the webhook needs to know of each frame.
    """

    url: str
    native: Callable[[Instrument], str | None]
    query: Query = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """A message that the venue answers, sent at this interval."""

    message: Callable[[], object]
    every_s: float = 15


def _nothing(message: Message) -> None:
    return None


def _no_channel(text: str) -> None:
    return None


def utf_8(data: bytes) -> str:
    """The text of a frame. Raises `ValueError`."""
    return data.decode()


async def unchanged(url: str) -> str:
    """The address to connect to, where it need not be asked for."""
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One venue's WebSocket of public trades."""

    exchange: str
    markets: tuple[Market, ...]
    # The messages that subscribe to the trades of these names.
    subscriptions: Callable[[Sequence[str]], Iterable[object]]
    keep_alive: KeepAlive | None = None
    # A line without any frame for so long is cut and made anew.
    silent_after_s: float = 40
    # What the venue wants to be sent back.
    answer: Callable[[Message], object | None] = _nothing
    # Why the venue refuses a subscription.
    refusal: Callable[[Message], str | None] = _nothing
    # True where the venue is about to restart.
    leave: Callable[[Message], bool | None] = _nothing
    # A channel and what the webhook needs to know of its frames.
    opened: Callable[[Message], tuple[str, Query] | None] = _nothing
    # The channel of a frame.
    channel: Callable[[str], str | None] = _no_channel
    decode: Callable[[bytes], str] = utf_8
    # Texts that are no JSON and say nothing.
    chatter: frozenset[str] = frozenset()
    address: Callable[[str], Awaitable[str]] = unchanged


def each(
    message: Callable[[int, str], object], *, first: Sequence[object] = ()
) -> Callable[[Sequence[str]], list[object]]:
    """Subscribe to each name by a message of its own, numbered from 1.

    A refusal then says which one, by its number or by the name in it.
    """
    return lambda names: [
        *first,
        *(message(number, name) for number, name in enumerate(names, 1)),
    ]


def text_of(message: object) -> str:
    """A message as it is sent: text as it is, all else as compact JSON."""
    if isinstance(message, str):
        return message
    return json.dumps(message, separators=(",", ":"))
