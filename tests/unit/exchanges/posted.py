"""Samples with changes as a feed posts them, and the one thing that each is read as."""

from typing import Any

from services.exchanges.venue import Reading
from services.market import exact_json
from services.market.tick import Tick
from tests.unit.exchanges import samples

AT_MS = 1_714_564_800_123
AT_NS = AT_MS * 10**6
LEFT_OUT = object()


def payload(exchange: str, name: str = "trade") -> Any:
    """The venue's sample of that name, parsed with exact numbers."""
    return exact_json.loads(samples.sample(exchange, name))


def changed(message: Any, changes: Any) -> Any:
    """The message with other members; a list's elements are all changed alike."""
    if not isinstance(changes, dict):
        return changes
    if isinstance(message, list):
        return [changed(element, changes) for element in message]
    members = {key: changed(message.get(key), changes[key]) for key in changes}
    both = {**message, **members}
    return {key: value for key, value in both.items() if value is not LEFT_OUT}


def read(exchange: str, message: Any, **query: str) -> list[Reading]:
    return samples.read(exchange, exact_json.dumps(message), query)


def tick_of(exchange: str, message: Any, **query: str) -> Tick:
    """The one tick in a message."""
    (tick,) = read(exchange, message, **query)
    assert isinstance(tick, Tick), tick
    return tick


def reason_of(exchange: str, message: Any, **query: str) -> str:
    """Why the one thing in a message is ignored or rejected."""
    (reading,) = read(exchange, message, **query)
    assert not isinstance(reading, Tick), reading
    return reading.reason


def facts(tick: Tick) -> tuple[object, ...]:
    return (tick.symbol, str(tick.price), str(tick.volume), tick.side, tick.trade_id)
