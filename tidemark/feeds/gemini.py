"""Gemini, version 2 of market data: docs.gemini.com/websocket-api

Trades are only available together with the order book of a symbol. The venue sends a
heartbeat every five seconds. The first message of a symbol has the whole book and the
last 50 trades.
"""

from collections.abc import Sequence

from tidemark.feeds.feed import Feed, Market, Message
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    pair = f"{instrument.base}{instrument.quote}"
    if instrument.perpetual:
        return f"{pair}PERP"
    return pair if instrument.spot else None


def subscriptions(names: Sequence[str]) -> list[Message]:
    wanted = [{"name": "l2", "symbols": [*names]}]
    return [{"type": "subscribe", "subscriptions": wanted}]


def refusal(message: Message) -> str | None:
    match message:
        case {"result": "error", **details}:
            return str(details.get("reason", "no reason given"))
        case {"type": "error", **details}:
            return str(details.get("message", details.get("reason", "")))
    return None


FEEDS = (
    Feed(
        exchange="gemini",
        markets=(Market("wss://api.gemini.com/v2/marketdata", native),),
        subscriptions=subscriptions,
        silent_after_s=30,
        refusal=refusal,
    ),
)
