"""Crypto.com Exchange: exchange-docs.crypto.com/exchange/v1/rest-ws

The venue sends a heartbeat every 30 seconds, and closes a connection that does not
answer it.
"""

import time

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument


def native(instrument: Instrument) -> str | None:
    if instrument.spot:
        return f"{instrument.base}_{instrument.quote}"
    contract = "PERP" if instrument.perpetual else instrument.digits
    if instrument.quote != "USD" or not contract:
        return None
    return f"{instrument.base}USD-{contract}"


def subscribe(number: int, name: str) -> Message:
    return {
        "id": number,
        "method": "subscribe",
        "params": {"channels": [f"trade.{name}"]},
        "nonce": time.time_ns() // 1_000_000,
    }


def answer(message: Message) -> Message | None:
    match message:
        case {"method": "public/heartbeat", "id": number}:
            return {"id": number, "method": "public/respond-heartbeat"}
    return None


def refusal(message: Message) -> str | None:
    match message:
        case {"method": "subscribe", "code": code, **details} if code:
            return str(details.get("message", f"code {code}"))
    return None


FEEDS = (
    Feed(
        exchange="cryptocom",
        markets=(Market("wss://stream.crypto.com/exchange/v1/market", native),),
        subscriptions=each(subscribe),
        silent_after_s=75,
        answer=answer,
        refusal=refusal,
    ),
)
