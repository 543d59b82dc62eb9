"""The venues with a public WebSocket, and the connections that symbols need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tidemark.feeds import (
    binance,
    bitfinex,
    bitstamp,
    bybit,
    coinbase,
    coinbase_exchange,
    cryptocom,
    deribit,
    gateio,
    gemini,
    htx,
    instrument,
    kraken,
    kraken_futures,
    kucoin,
    okx,
)
from tidemark.feeds.feed import Feed, Market
from tidemark.feeds.instrument import Instrument
from tidemark.machine.errors import ToolError

_FILES: tuple[tuple[Feed, ...], ...] = (
    binance.FEEDS,
    bitfinex.FEEDS,
    bitstamp.FEEDS,
    bybit.FEEDS,
    coinbase.FEEDS,
    coinbase_exchange.FEEDS,
    cryptocom.FEEDS,
    deribit.FEEDS,
    gateio.FEEDS,
    gemini.FEEDS,
    htx.FEEDS,
    kraken.FEEDS,
    kraken_futures.FEEDS,
    kucoin.FEEDS,
    okx.FEEDS,
)

FEEDS: dict[str, Feed] = {feed.exchange: feed for file in _FILES for feed in file}


@dataclass(frozen=True, slots=True)
class Line:
    """A WebSocket to open: a market of a venue, and its symbols by native name."""

    feed: Feed
    market: Market
    symbols: Mapping[str, str]
    url: str


def lines(
    venues: Sequence[str], symbols: Sequence[str], urls: Mapping[str, str]
) -> list[Line]:
    """Return the connections for all symbols at all venues. Raises `ToolError`.

    A symbol such as `bybit:BTC-USDT` is for that venue only. `urls` replaces the
    venues' own addresses.
    """
    wanted = [_wanted(symbol, venues) for symbol in symbols]
    for venue, url in urls.items():
        _check(venue, url)
    return [
        line
        for venue in dict.fromkeys(venues)
        for line in _lines(
            _feed(venue),
            [asked for only, asked in wanted if only in (None, venue)],
            urls.get(venue),
        )
    ]


def _check(venue: str, url: str) -> None:
    address = urlsplit(url)
    if address.scheme not in ("ws", "wss", "http", "https") or not address.hostname:
        raise ToolError(
            f"{url} is not the address of a WebSocket, such as {venue}'s wss://…"
        )


def _wanted(text: str, venues: Sequence[str]) -> tuple[str | None, Instrument]:
    venue, colon, symbol = text.rpartition(":")
    if colon and venue not in venues:
        raise ToolError(
            f"{text}: {venue or 'nothing'} is not one of the requested venues."
        )
    return venue if colon else None, instrument.parse(symbol)


def _feed(venue: str) -> Feed:
    if venue not in FEEDS:
        raise ToolError(
            f"Tidemark has no feed of {venue}. Use one of {', '.join(sorted(FEEDS))}."
        )
    return FEEDS[venue]


def _lines(feed: Feed, wanted: list[Instrument], url: str | None) -> list[Line]:
    if not wanted:
        raise ToolError(f"No symbol is given for {feed.exchange}.")
    named = [(asked, *_market(feed, asked)) for asked in wanted]
    return [
        Line(
            feed,
            market,
            {name: asked.symbol for asked, where, name in named if where is market},
            url or market.url,
        )
        for market in feed.markets
        if any(where is market for _, where, _ in named)
    ]


def _market(feed: Feed, asked: Instrument) -> tuple[Market, str]:
    for market in feed.markets:
        if name := market.native(asked):
            return market, name
    kind = "spot pairs such as BTC-USD" if asked.contract else "contracts"
    raise ToolError(f"{feed.exchange} has no {asked.symbol}: its feed is of {kind}.")
