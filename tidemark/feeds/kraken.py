"""Kraken, version 2: docs.kraken.com/exchange/api-reference/spot-websocket-v2/trade

A subscription begins with the last 50 trades, so that a reconnection misses none.
"""

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    return f"{instrument.base}/{instrument.quote}" if instrument.spot else None


def subscribe(number: int, name: str) -> Message:
    trades = {"channel": "trade", "symbol": [name], "snapshot": True}
    return {"method": "subscribe", "params": trades, "req_id": number}


def refusal(message: Message) -> str | None:
    match message:
        case {"method": "subscribe" | "error", "success": False, **details}:
            return str(details.get("error", "no reason given"))
    return None


FEEDS = (
    Feed(
        exchange="kraken",
        markets=(Market("wss://ws.kraken.com/v2", native),),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(lambda: {"method": "ping"}, every_s=5),
        silent_after_s=15,  # a heartbeat comes every second
        refusal=refusal,
    ),
)
