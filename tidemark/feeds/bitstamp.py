"""Bitstamp: bitstamp.net/websocket/v2"""

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    pair = f"{instrument.base}{instrument.quote}".lower()
    if instrument.perpetual:
        return f"live_trades_{pair}-perp"
    return f"live_trades_{pair}" if instrument.spot else None


def subscribe(number: int, name: str) -> Message:
    return {"event": "bts:subscribe", "data": {"channel": name}}


def refusal(message: Message) -> str | None:
    match message:
        case {"event": "bts:error", "data": {"message": reason}}:
            return str(reason)
    return None


def leave(message: Message) -> bool:
    return message.get("event") == "bts:request_reconnect"


FEEDS = (
    Feed(
        exchange="bitstamp",
        markets=(Market("wss://ws.bitstamp.net", native),),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(lambda: {"event": "bts:heartbeat"}),
        refusal=refusal,
        leave=leave,
    ),
)
