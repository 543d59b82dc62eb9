"""HTX spot and swaps: htx.com/en-us/opend/newApiPages

Frames are gzip. The venue sends `{"ping": n}` every five seconds, and closes a
connection that does not answer `{"pong": n}`.
"""

from tidemark.feeds.feed import Feed, Market, Message, each
from tidemark.feeds.instrument import Instrument


def spot(instrument: Instrument) -> str | None:
    return f"{instrument.base}{instrument.quote}".lower() if instrument.spot else None


def linear(instrument: Instrument) -> str | None:
    return _contract(instrument, "USDT")


def inverse(instrument: Instrument) -> str | None:
    return _contract(instrument, "USD") if instrument.perpetual else None


def _contract(instrument: Instrument, quote: str) -> str | None:
    name = f"{instrument.base}-{quote}"
    if instrument.quote != quote:
        return None
    if instrument.perpetual:
        return name
    return f"{name}-{instrument.digits}" if instrument.digits else None


def subscribe(number: int, name: str) -> Message:
    return {"sub": f"market.{name}.trade.detail", "id": str(number)}


def answer(message: Message) -> Message | None:
    match message:
        case {"ping": number}:
            return {"pong": number}
        case {"op": "ping", "ts": number}:
            return {"op": "pong", "ts": number}
    return None


def refusal(message: Message) -> str | None:
    match message:
        case {"status": "error", **details}:
            return str(details.get("err-msg", "no reason given"))
    return None


def _feed(exchange: str, *markets: Market) -> Feed:
    return Feed(
        exchange=exchange,
        markets=markets,
        subscriptions=each(subscribe),
        silent_after_s=20,
        answer=answer,
        refusal=refusal,
    )


FEEDS = (
    _feed("htx", Market("wss://api.huobi.pro/ws", spot)),
    _feed(
        "htx_swap",
        Market("wss://api.hbdm.com/linear-swap-ws", linear),
        Market("wss://api.hbdm.com/swap-ws", inverse),
    ),
)
