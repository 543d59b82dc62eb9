"""Coinbase Exchange: docs.cdp.coinbase.com/exchange/websocket-feed

The venue sends a heartbeat for each product every second.
"""

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    return instrument.symbol if instrument.spot else None


def subscribe(number: int, name: str) -> Message:
    channels = ["matches", "heartbeat"]
    return {"type": "subscribe", "product_ids": [name], "channels": channels}


def refusal(message: Message) -> str | None:
    match message:
        case {"type": "error", "reason": reason}:
            return str(reason)
        case {"type": "error", "message": reason}:
            return str(reason)
    return None


FEEDS = (
    Feed(
        exchange="coinbase_exchange",
        markets=(Market("wss://ws-feed.exchange.coinbase.com", native),),
        subscriptions=each(subscribe),
        silent_after_s=15,
        refusal=refusal,
    ),
)
