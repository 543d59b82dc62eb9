"""Parse a venue's frame before it is posted, with the function's own parser.

A frame without a tick and without a rejection is not posted. The feed later looks up
the rows of the other frames' trades by their keys.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from services.exchanges import registry
from services.exchanges.delivery import LARGEST_BODY, Delivery
from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.money import plain
from services.market.quarantine import Rejection
from services.market.tick import Tick

ROOM = 1024  # bytes of the largest body that are for commas and brackets
LARGEST_FRAME = LARGEST_BODY - ROOM


@dataclass(frozen=True, slots=True)
class Source:
    """The venue of a frame, and the query that adds what its frames do not contain."""

    exchange: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The path below the webhook's address, such as `bybit?market=linear`."""
        return (
            f"{self.exchange}?{urlencode(self.query)}" if self.query else self.exchange
        )


@dataclass(frozen=True, slots=True)
class Trade:
    """The parts of a tick that the feed needs to report it.

    `symbol` and `timestamp` are its key, as in `services.aws.items`. `timestamp` is
    None if the key depends on the time of receipt, which only the function knows.
    """

    symbol: str
    price: str
    time_ms: int
    timestamp: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it arrived, its trades, and the reasons of its rejections."""

    body: bytes
    source: Source
    trades: tuple[Trade, ...]
    rejections: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of bytes that the frame adds to a body."""
        return len(self.body) + 1


class NotJson(Exception):
    """The frame is not JSON, so that neither the feed nor the function can read it."""


def read(text: str, source: Source, *, now_ms: int) -> Frame:
    """Read one frame. Raises `NotJson`."""
    ticks, rejections = _read(text, source, now_ms=now_ms)
    trades = tuple(map(_trade, ticks))
    return Frame(text.encode(), source, trades, tuple(rejections))


def parts(frame: Frame, *, now_ms: int) -> Iterator[Frame]:
    """Yield the frame, or each trade of a frame that is too large for the webhook.

    Such trades are in the canonical form, which gives them the same keys.
    """
    if frame.size <= LARGEST_FRAME:
        yield frame
        return
    ticks, _ = _read(frame.body.decode(), frame.source, now_ms=now_ms)
    for tick in ticks:
        yield Frame(_canonical(tick).encode(), frame.source, (_trade(tick),))


def _read(text: str, source: Source, *, now_ms: int) -> tuple[list[Tick], list[str]]:
    delivery = _Unbounded(
        text.encode(),
        source.exchange,
        now_ms,
        "not posted yet",
        dict(source.query),
    )
    readings = list(registry.read(delivery))
    reasons = [entry.reason for entry in readings if isinstance(entry, Rejection)]
    if len(readings) == 1 and reasons and not _is_json(text):
        raise NotJson
    return [entry for entry in readings if isinstance(entry, Tick)], reasons


class _Unbounded(Delivery):
    """A delivery of any size: the trades of a large frame are posted one by one."""

    __slots__ = ()

    def message(self) -> exact_json.Json:
        return exact_json.loads(self.text)


def _is_json(text: str) -> bool:
    try:
        exact_json.loads(text)
    except InvalidValue:
        return False
    return True


def _trade(tick: Tick) -> Trade:
    return Trade(
        tick.symbol,
        plain(tick.price),
        tick.time_ns // 1_000_000,
        None if tick.receipt else tick.timestamp,
    )


def _canonical(tick: Tick) -> str:
    fields: Mapping[str, object] = {
        "symbol": tick.symbol,
        "price": plain(tick.price),
        "timestamp": None if tick.receipt else tick.time_ns,
        "trade_id": tick.trade_id,
        "volume": None if tick.volume is None else plain(tick.volume),
        "side": tick.side,
    }
    return json.dumps({name: value for name, value in fields.items() if value})
