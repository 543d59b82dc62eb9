"""The description of one venue's public WebSocket, which `connection.py` uses.

A venue has one or several markets. Each market has its own address, and its own names
for instruments. All functions here are pure; the connection holds the state.
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

    `native` returns the venue's name of an instrument, or None if this market does not
    trade it. `query` is what the webhook needs to know about each frame.
    """

    url: str
    native: Callable[[Instrument], str | None]
    query: Query = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """A message that is sent at this interval, and that the venue answers."""

    message: Callable[[], object]
    every_s: float = 15


def _nothing(message: Message) -> None:
    return None


def _no_channel(text: str) -> None:
    return None


async def unchanged(url: str) -> str:
    """Return the address itself, for venues that need no request for it."""
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One venue's WebSocket of public trades."""

    exchange: str
    markets: tuple[Market, ...]
    # The messages that subscribe to the trades of these names.
    subscriptions: Callable[[Sequence[str]], Iterable[object]]
    keep_alive: KeepAlive | None = None
    # A connection that receives no frame for so long is closed and opened again.
    silent_after_s: float = 40
    # Returns the answer that the venue requires to a message.
    answer: Callable[[Message], object | None] = _nothing
    # Returns the reason if the venue refuses a subscription.
    refusal: Callable[[Message], str | None] = _nothing
    # Returns True if the venue announces a restart.
    leave: Callable[[Message], bool | None] = _nothing
    # Returns a new channel, and what the webhook needs to know about its frames.
    opened: Callable[[Message], tuple[str, Query] | None] = _nothing
    # Returns the channel of a frame.
    channel: Callable[[str], str | None] = _no_channel
    # Texts that are not JSON and can be ignored.
    chatter: frozenset[str] = frozenset()
    address: Callable[[str], Awaitable[str]] = unchanged


def each(
    message: Callable[[int, str], object], *, first: Sequence[object] = ()
) -> Callable[[Sequence[str]], list[object]]:
    """Subscribe to each name by a separate message, numbered from 1.

    A refusal can then be matched to a name, by its number or by the name in it.
    """
    return lambda names: [
        *first,
        *(message(number, name) for number, name in enumerate(names, 1)),
    ]


def text_of(message: object) -> str:
    """Return the message as it is sent: text unchanged, others as compact JSON."""
    if isinstance(message, str):
        return message
    return json.dumps(message, separators=(",", ":"))
