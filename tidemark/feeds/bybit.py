"""Bybit, version 5: bybit-exchange.github.io/docs/v5/websocket/public/trade

Each market has its own address. The webhook needs the market: `?market=linear`.
"""

from collections.abc import Callable

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument

QUARTERS = {3: "H", 6: "M", 9: "U", 12: "Z"}


def spot(instrument: Instrument) -> str | None:
    return f"{instrument.base}{instrument.quote}" if instrument.spot else None


def linear(instrument: Instrument) -> str | None:
    base, quote, day = instrument.base, instrument.quote, instrument.named_day
    if quote not in ("USDT", "USDC"):
        return None
    if instrument.perpetual:
        return f"{base}USDT" if quote == "USDT" else f"{base}PERP"
    if day is None:
        return None
    return f"{base}USDT-{day}" if quote == "USDT" else f"{base}-{day}"


def inverse(instrument: Instrument) -> str | None:
    name, day = f"{instrument.base}USD", instrument.last_day
    if instrument.quote != "USD":
        return None
    if instrument.perpetual:
        return name
    if day is None or day.month not in QUARTERS:
        return None
    return f"{name}{QUARTERS[day.month]}{day:%y}"


def subscribe(number: int, name: str) -> Message:
    topic = f"publicTrade.{name}"
    return {"op": "subscribe", "req_id": str(number), "args": [topic]}


def refusal(message: Message) -> str | None:
    match message:
        case {"op": "subscribe", "success": False, **details}:
            return str(details.get("ret_msg", "no reason given"))
    return None


def _market(name: str, native: Callable[[Instrument], str | None]) -> Market:
    url = f"wss://stream.bybit.com/v5/public/{name}"
    return Market(url, native, {"market": name})


FEEDS = (
    Feed(
        exchange="bybit",
        markets=(
            _market("spot", spot),
            _market("linear", linear),
            _market("inverse", inverse),
        ),
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(lambda: {"op": "ping"}),
        refusal=refusal,
    ),
)
