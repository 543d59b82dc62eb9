"""Binance and Binance.US spot, USD-M and COIN-M futures.

developers.binance.com/docs/binance-spot-api-docs/web-socket-streams and
…/derivatives/usds-margined-futures/websocket-market-streams

Futures have aggregated trades only. Since April 2026 those of USD-M are under
`/market`. Binance accepts a subscription to an unknown name, and sends no message for
it.
"""

from collections.abc import Sequence

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message
from tidemark.feeds.instrument import Instrument

# The numbers of requests; none of them is a symbol's.
SUBSCRIPTION, KEEP_ALIVE = 1_000_000, 1_000_001


def spot(instrument: Instrument) -> str | None:
    pair = f"{instrument.base}{instrument.quote}".lower()
    return f"{pair}@trade" if instrument.spot else None


def linear(instrument: Instrument) -> str | None:
    pair = f"{instrument.base}{instrument.quote}".lower()
    if instrument.perpetual:
        return f"{pair}@aggTrade"
    return f"{pair}_{instrument.digits}@aggTrade" if instrument.digits else None


def inverse(instrument: Instrument) -> str | None:
    contract = "perp" if instrument.perpetual else instrument.digits
    if instrument.quote != "USD" or not contract:
        return None
    return f"{instrument.base.lower()}usd_{contract}@aggTrade"


def subscriptions(streams: Sequence[str]) -> list[Message]:
    return [{"method": "SUBSCRIBE", "params": [*streams], "id": SUBSCRIPTION}]


def keep_alive() -> Message:
    return {"method": "LIST_SUBSCRIPTIONS", "id": KEEP_ALIVE}


def refusal(message: Message) -> str | None:
    match message:
        case {"id": number} if number == KEEP_ALIVE:
            return None
        case {"error": {"msg": reason}} | {"error": {"message": reason}}:
            return str(reason)
        case {"code": _, "msg": reason}:
            return str(reason)
    return None


def _feed(exchange: str, market: Market) -> Feed:
    return Feed(
        exchange=exchange,
        markets=(market,),
        subscriptions=subscriptions,
        keep_alive=KeepAlive(keep_alive),
        refusal=refusal,
    )


FEEDS = (
    _feed("binance", Market("wss://stream.binance.com:9443/ws", spot)),
    _feed("binanceus", Market("wss://stream.binance.us:9443/ws", spot)),
    _feed("binance_usdm", Market("wss://fstream.binance.com/market/ws", linear)),
    _feed("binance_coinm", Market("wss://dstream.binance.com/ws", inverse)),
)
