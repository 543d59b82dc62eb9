"""Bitfinex, version 2: docs.bitfinex.com/reference/ws-public-trades

A trade's frame has only the number of its channel; the answer to the subscription names
the pair of that channel. The webhook needs the pair: `?symbol=tBTCUSD`. Each trade
arrives twice, as `te` and as `tu`.
"""

import re

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, Query, each
from tidemark.feeds.instrument import Instrument

NAMES = {"USDT": "UST", "BCH": "BCHN"}
RESTARTS = (20051, 20060)
_CHANNEL = re.compile(r"\s*\[\s*(\d+)", re.ASCII)


def native(instrument: Instrument) -> str | None:
    names = [NAMES.get(name, name) for name in (instrument.base, instrument.quote)]
    if instrument.perpetual:
        return f"t{names[0]}F0:{names[1]}F0"
    if not instrument.spot:
        return None
    return f"t{('' if all(len(name) == 3 for name in names) else ':').join(names)}"


def subscribe(number: int, name: str) -> Message:
    return {"event": "subscribe", "channel": "trades", "symbol": name}


def opened(message: Message) -> tuple[str, Query] | None:
    match message:
        case {"event": "subscribed", "chanId": channel, "symbol": str(name)}:
            return str(channel), {"symbol": name}
    return None


def channel(text: str) -> str | None:
    match = _CHANNEL.match(text)
    return None if match is None else match[1]


def refusal(message: Message) -> str | None:
    match message:
        case {"event": "error", **details}:
            return str(details.get("msg", "no reason given"))
    return None


def leave(message: Message) -> bool:
    return message.get("event") == "info" and message.get("code") in RESTARTS


FEEDS = (
    Feed(
        exchange="bitfinex",
        markets=(Market("wss://api-pub.bitfinex.com/ws/2", native),),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(lambda: {"event": "ping", "cid": 0}),
        refusal=refusal,
        leave=leave,
        opened=opened,
        channel=channel,
    ),
)
