"""Deribit: docs.deribit.com/#trades-instrument_name-interval

Immediate trades (`raw`) need a login, so the feed subscribes to batches of 100 ms. The
venue requires an answer to its heartbeats.
"""

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument

HEARTBEATS = 1_000_000  # the numbers of the requests that are no subscription


def native(instrument: Instrument) -> str | None:
    base, quote = instrument.base, instrument.quote
    if instrument.spot:
        return f"{base}_{quote}"
    contract = "PERPETUAL" if instrument.perpetual else instrument.named_day
    name = base if quote == "USD" else f"{base}_{quote}"
    return f"{name}-{contract}" if contract else None


def _request(number: int, method: str, **parameters: object) -> Message:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}


def subscribe(number: int, name: str) -> Message:
    return _request(number, "public/subscribe", channels=[f"trades.{name}.100ms"])


def answer(message: Message) -> Message | None:
    match message:
        case {"method": "heartbeat", "params": {"type": "test_request"}}:
            return _request(HEARTBEATS, "public/test")
    return None


def refusal(message: Message) -> str | None:
    match message:
        case {"id": number} if number == HEARTBEATS:
            return None
        case {"error": {"message": reason}}:
            return str(reason)
        case {"id": _, "result": []}:
            return "there is no such instrument"
    return None


FEEDS = (
    Feed(
        exchange="deribit",
        markets=(Market("wss://www.deribit.com/ws/api/v2", native),),
        subscriptions=each(
            subscribe,
            first=[_request(HEARTBEATS, "public/set_heartbeat", interval=10)],
        ),
        silent_after_s=30,
        answer=answer,
        refusal=refusal,
    ),
)
