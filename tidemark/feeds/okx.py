"""OKX, version 5: okx.com/docs-v5/en/#order-book-trading-market-data-ws-trades-channel

The venue closes a connection after 30 seconds without a message. It answers the text
`ping` with the text `pong`.
"""

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    pair = f"{instrument.base}-{instrument.quote}"
    if instrument.spot:
        return pair
    if instrument.perpetual:
        return f"{pair}-SWAP"
    return f"{pair}-{instrument.digits}" if instrument.digits else None


def subscribe(number: int, name: str) -> Message:
    channel = {"channel": "trades", "instId": name}
    return {"id": str(number), "op": "subscribe", "args": [channel]}


def refusal(message: Message) -> str | None:
    match message:
        case {"event": "error", **details}:
            return str(details.get("msg", "no reason given"))
    return None


def leave(message: Message) -> bool:
    return message.get("event") == "notice"


FEEDS = (
    Feed(
        exchange="okx",
        markets=(Market("wss://ws.okx.com:8443/ws/v5/public", native),),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(lambda: "ping"),
        chatter=frozenset(("pong",)),
        refusal=refusal,
        leave=leave,
    ),
)
