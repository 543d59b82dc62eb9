"""Coinbase Advanced Trade: docs.cdp.coinbase.com, advanced-trade-api/websocket.

The heartbeat channel sends a message every second, which keeps a quiet connection open.
"""

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    return instrument.symbol if instrument.spot else None


def subscribe(number: int, name: str) -> Message:
    return {"type": "subscribe", "product_ids": [name], "channel": "market_trades"}


def refusal(message: Message) -> str | None:
    match message:
        case {"type": "error", "message": reason}:
            return str(reason)
    return None


FEEDS = (
    Feed(
        exchange="coinbase",
        markets=(Market("wss://advanced-trade-ws.coinbase.com", native),),
        subscriptions=each(
            subscribe, first=[{"type": "subscribe", "channel": "heartbeats"}]
        ),
        silent_after_s=15,
        refusal=refusal,
    ),
)
