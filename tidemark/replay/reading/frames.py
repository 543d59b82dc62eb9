"""Read a file of a venue's own WebSocket messages with the parser of that venue.

The venue is the one that EXCHANGE= names, or the only one whose parser recognises the
messages; TradingView's alerts are named, since their fields are those of any table.
What a message leaves out, SYMBOL= and MARKET= say; Bitfinex's own `subscribed` events
do, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.exchanges.delivery import Delivery
from services.exchanges.venue import Ignored, Unrecognised, Venue
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick
from tidemark.replay.reading.json_documents import Value
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.ticks import Item, LeftOut, Problem, Trade, trade

# Marks a tick without a time of its own.
RECEIPT = "receipt"
NAMED_ONLY = frozenset(("tradingview",))
_LEFT_OUT = {
    "symbol": "SYMBOL=tBTCUSD or the like",
    "market": "MARKET=spot, MARKET=linear, MARKET=inverse or MARKET=option",
}


@dataclass(slots=True)
class Frames:
    """A reader of one venue's messages, in their order."""

    venue: Venue
    query: Mapping[str, str]
    now_ms: int
    has_time: bool = True
    channels: dict[str, str] = field(default_factory=dict)

    def items(self, values: Iterator[Value]) -> Iterator[Item]:
        """Yield the items of each message."""
        for number, value in values:
            if isinstance(value, BadLine):
                yield Problem(number, str(value))
                continue
            self._remember(value)
            yield from self._message(number, value)

    def _message(self, number: int, value: Json) -> Iterator[Item]:
        try:
            for reading in self.venue.read(value, self._delivery(value)):
                match reading:
                    case Tick():
                        yield self._tick(number, reading)
                    case Ignored():
                        yield LeftOut(number, reading.reason)
                    case _:
                        yield Problem(number, _with_setting(reading.reason))
        except Unrecognised:
            name = self.venue.exchange
            yield Problem(number, f"is no message of {name} that Tidemark reads")
        except InvalidValue as error:
            yield Problem(number, _with_setting(error.reason))

    def _tick(self, number: int, tick: Tick) -> Item:
        if tick.receipt and self.has_time:
            return Problem(
                number, "timestamp: is missing, although other messages have one"
            )
        return trade(tick, number)

    def _delivery(self, value: Json) -> Delivery:
        query = dict(self.query)
        if "symbol" in query and self.venue.exchange == "bitfinex":
            query["symbol"] = _of_bitfinex(query["symbol"])
        if isinstance(value, list) and value and str(value[0]) in self.channels:
            query["symbol"] = self.channels[str(value[0])]
        return Delivery(b"", self.venue.exchange, self.now_ms, RECEIPT, query)

    def _remember(self, value: Json) -> None:
        match value:
            case {"event": "subscribed", "chanId": channel, "symbol": str(symbol)}:
                self.channels[str(channel)] = symbol


def recognise(
    head: Sequence[Json],
    settings: Settings,
    venues: Mapping[str, Venue],
    now_ms: int,
) -> Frames | None:
    """Return the reader of such messages, or None.

    Raises `Refusal` if several venues' parsers recognise them.
    """
    query = {"symbol": settings.symbol, "market": settings.market}
    given = {name: text for name, text in query.items() if text}
    named = venues.get((settings.exchange or "").lower())
    by_form = [venue for name, venue in venues.items() if name not in NAMED_ONLY]
    candidates = [named] if named is not None else by_form
    found = [
        venue
        for venue in candidates
        if _reads(Frames(venue, given, now_ms), head, strict=named is None)
    ]
    if len(found) > 1:
        listed = " or ".join(f"EXCHANGE={venue.exchange}" for venue in found)
        raise Refusal(f"its messages may be of several venues: add {listed}.")
    if not found:
        return None
    made = Frames(found[0], given, now_ms, has_time=False)
    _check_settings(made, head)
    return made


def _reads(frames: Frames, head: Sequence[Json], *, strict: bool) -> bool:
    items = list(frames.items(enumerate(head, 1)))
    unread = sum("is no message of" in getattr(i, "reason", "") for i in items)
    told = sum(not isinstance(item, LeftOut) for item in items) - unread
    return told > 0 and (not strict or unread == 0)


def has_time(frames: Frames, values: Iterator[Value]) -> bool:
    """Return True if any tick in the file has a time of its own."""
    items = frames.items(values)
    return any(isinstance(i, Trade) and not i.tick.receipt for i in items)


def _check_settings(frames: Frames, head: Sequence[Json]) -> None:
    items = list(frames.items(enumerate(head, 1)))
    missing = [i.reason for i in items if isinstance(i, Problem) and "add " in i.reason]
    if missing and not any(isinstance(item, Trade) for item in items):
        raise Refusal(missing[0])


def _with_setting(reason: str) -> str:
    for name, example in _LEFT_OUT.items():
        if reason.startswith(f"{name}: is missing"):
            return f"{name}: is missing in the venue's message: add {example}"
    return reason


def _of_bitfinex(symbol: str) -> str:
    """Return `tBTCUSD` for `BTC-USD`, so that a user can write either."""
    if symbol.startswith("t"):
        return symbol
    base, _, money = symbol.upper().partition("-")
    money = "UST" if money == "USDT" else money
    return f"t{base}{':' if len(base) > 3 else ''}{money}"
