"""The venues whose own messages Tidemark reads, and how a delivery is read.

A venue's own parser is tried first; whatever it does not recognise is read as
Tidemark's canonical form, which every `{exchange}` accepts.
"""

from collections.abc import Iterable, Iterator

from services.exchanges import (
    binance,
    bitfinex,
    bitstamp,
    bybit,
    canonical,
    coinbase,
    coinbase_exchange,
    cryptocom,
    deribit,
    gateio,
    gemini,
    htx,
    kraken,
    kraken_futures,
    kucoin,
    okx,
    tradingview,
)
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading, Unrecognised, Venue
from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.quarantine import Rejection
from services.market.tick import Tick

_FILES: tuple[tuple[Venue, ...], ...] = (
    binance.VENUES,
    bitfinex.VENUES,
    bitstamp.VENUES,
    bybit.VENUES,
    coinbase.VENUES,
    coinbase_exchange.VENUES,
    cryptocom.VENUES,
    deribit.VENUES,
    gateio.VENUES,
    gemini.VENUES,
    htx.VENUES,
    kraken.VENUES,
    kraken_futures.VENUES,
    kucoin.VENUES,
    okx.VENUES,
    tradingview.VENUES,
)

VENUES: dict[str, Venue] = {venue.exchange: venue for file in _FILES for venue in file}


def read(delivery: Delivery) -> Iterator[Reading]:
    """Read a body: in order, each tick, each rejection, and what was ignored."""
    try:
        message = delivery.message()
    except InvalidValue as error:
        yield Rejection(error.reason, delivery.text)
        return
    venue = VENUES.get((delivery.exchange or "").lower())
    if venue is None:
        yield from canonical.read(message, delivery)
    else:
        yield from _read_venue(venue, message, delivery)


def _read_venue(venue: Venue, message: Json, delivery: Delivery) -> Iterator[Reading]:
    try:
        yield from _own(venue, message, delivery)
    except Unrecognised:
        if isinstance(message, list):
            for element in message:
                yield from _read_element(venue, element, delivery)
        elif canonical.is_canonical(message):
            yield from canonical.read(message, delivery)
        else:
            yield _unknown(venue, message)


def _read_element(venue: Venue, element: Json, delivery: Delivery) -> Iterable[Reading]:
    try:
        return _own(venue, element, delivery)
    except Unrecognised:
        if canonical.is_canonical(element):
            return [canonical.read_tick(element, delivery)]
        return [_unknown(venue, element)]


def _own(venue: Venue, message: Json, delivery: Delivery) -> list[Reading]:
    try:
        return _unambiguous(message, list(venue.read(message, delivery)))
    except InvalidValue as error:  # of the message as a whole
        reason = error.reason
    except RecursionError:
        reason = "body: is nested too deep"
    return [Rejection(reason, exact_json.dumps(message))]


def _unambiguous(message: Json, readings: list[Reading]) -> list[Reading]:
    """Reject what has a key more than once, also where the venue's file reads none of
    it.
    """
    twice = exact_json.ambiguous(message)
    if twice is None:
        return readings
    checked = list(map(_checked, readings))
    if not any(isinstance(reading, Rejection) for reading in checked):
        raise InvalidValue("body", f"contains {twice!r}")
    return checked


def _checked(reading: Reading) -> Reading:
    if not isinstance(reading, Tick):
        return reading
    twice = exact_json.ambiguous(exact_json.loads(reading.raw))
    return Rejection(f"tick: contains {twice!r}", reading.raw) if twice else reading


def _unknown(venue: Venue, message: Json) -> Rejection:
    return Rejection(
        f"body: is no message of {venue.exchange} that Tidemark reads",
        exact_json.dumps(message),
    )
