"""Kraken Futures: docs.kraken.com/exchange/api-reference/futures-websocket/trade

Contracts are the multi-collateral ones: PF_ is a perpetual, FF_ has an expiry date. A
subscription begins with the last 100 trades.
"""

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument

NAMES = {"BTC": "XBT", "DOGE": "XDG"}


def native(instrument: Instrument) -> str | None:
    pair = f"{NAMES.get(instrument.base, instrument.base)}{instrument.quote}"
    if instrument.perpetual:
        return f"PF_{pair}"
    return f"FF_{pair}_{instrument.digits}" if instrument.digits else None


def subscribe(number: int, name: str) -> Message:
    return {"event": "subscribe", "feed": "trade", "product_ids": [name]}


def refusal(message: Message) -> str | None:
    match message:
        case {"event": "error" | "alert", "message": reason}:
            return str(reason)
        case {"event": "subscribed_failed"}:
            return "the subscription failed"
    return None


FEEDS = (
    Feed(
        exchange="kraken_futures",
        markets=(Market("wss://futures.kraken.com/ws/v1", native),),
        subscriptions=each(
            subscribe, first=[{"event": "subscribe", "feed": "heartbeat"}]
        ),
        refusal=refusal,
    ),
)
