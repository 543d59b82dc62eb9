"""Gate, version 4: gate.com/docs/developers/apiv4/ws/en, …/developers/futures/ws/en

Futures have one address for each settlement currency.
"""

import time

from tidemark.feeds.feed import Feed, KeepAlive, Market, Message, each
from tidemark.feeds.instrument import Instrument


def spot(instrument: Instrument) -> str | None:
    return f"{instrument.base}_{instrument.quote}" if instrument.spot else None


def linear(instrument: Instrument) -> str | None:
    return _perpetual(instrument, "USDT")


def inverse(instrument: Instrument) -> str | None:
    return _perpetual(instrument, "USD")


def dated(instrument: Instrument) -> str | None:
    if instrument.quote != "USDT" or instrument.last_day is None:
        return None
    return f"{instrument.base}_USDT_{instrument.last_day:%Y%m%d}"


def _perpetual(instrument: Instrument, quote: str) -> str | None:
    if not instrument.perpetual or instrument.quote != quote:
        return None
    return f"{instrument.base}_{quote}"


def refusal(message: Message) -> str | None:
    match message:
        case {"event": "subscribe", "error": {"message": reason}}:
            return str(reason)
    return None


def _feed(exchange: str, kind: str, *markets: Market) -> Feed:
    def subscribe(number: int, name: str) -> Message:
        wanted = {"channel": f"{kind}.trades", "event": "subscribe", "payload": [name]}
        return {"time": int(time.time()), "id": number, **wanted}

    def ping() -> Message:
        return {"time": int(time.time()), "channel": f"{kind}.ping"}

    return Feed(
        exchange=exchange,
        markets=markets,
        subscriptions=each(subscribe),
        keep_alive=KeepAlive(ping),
        refusal=refusal,
    )


FUTURES = "wss://fx-ws.gateio.ws/v4/ws"
FEEDS = (
    _feed("gateio", "spot", Market("wss://api.gateio.ws/ws/v4/", spot)),
    _feed(
        *("gateio_futures", "futures"),
        Market(f"{FUTURES}/usdt", linear),
        Market(f"{FUTURES}/btc", inverse),
        Market(f"{FUTURES}/delivery/usdt", dated),
    ),
)
