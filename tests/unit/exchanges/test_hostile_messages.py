"""Whatever a sender posts ends in ticks, rejections and what is ignored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.registry import VENUES
from services.exchanges.venue import Ignored
from services.market import exact_json
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.posted import PAYLOADS, RECEIVED_AT_MS

SAMPLES = sorted(PAYLOADS.glob("*/*.json"))
QUERY = {"symbol": "tBTCUSD", "market": "linear"}
DEEP = f"{'[' * 20_000}{']' * 20_000}"
VALUES = st.sampled_from(
    [
        *("null", "true", '""', '"\\ud800"', "0", "-1", "1e-999999999", "1e400", "NaN"),
        *("9" * 50, "{}", "[]", "[[]]", '{"a":1,"a":2}', '"tBTCUSD"', '"{{close}}"'),
        DEEP,
    ]
)


def outcomes(exchange: str, text: str) -> list[Any]:
    body = text.encode()
    delivery = Delivery(body, exchange, RECEIVED_AT_MS, "request-1", QUERY)
    return list(registry.read(delivery))


def places(message: Any) -> list[tuple[Any, ...]]:
    """The paths to all that is inside of a message, and to itself."""
    members = message if isinstance(message, dict) else {}
    inside = dict(enumerate(message)) if isinstance(message, list) else members
    deeper = [(key, *path) for key in inside for path in places(inside[key])]
    return [(), *deeper]


def written(message: Any, place: tuple[Any, ...], value: str) -> str:
    """The message's JSON with another value at a place."""
    if not place:
        return value
    key, *rest = place
    if isinstance(message, list):
        texts = [exact_json.dumps(element) for element in message]
        texts[key] = written(message[key], tuple(rest), value)
        return f"[{','.join(texts)}]"
    pairs = {name: exact_json.dumps(message[name]) for name in message}
    pairs[key] = written(message[key], tuple(rest), value)
    return f"{{{','.join(f'"{name}":{text}' for name, text in pairs.items())}}}"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}")
@given(data=st.data())
def test_a_message_with_another_value_in_it_is_judged(
    sample: Any, data: st.DataObject
) -> None:
    message = exact_json.loads(sample.read_text())
    place = data.draw(st.sampled_from(places(message)))

    judged = outcomes(sample.parent.name, written(message, place, data.draw(VALUES)))

    assert all(isinstance(entry, Tick | Rejection | Ignored) for entry in judged)


@pytest.mark.parametrize("exchange", VENUES)
@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "[[]]", "[1]", "[1,[]]", DEEP]
)
def test_what_is_no_message_of_a_venue_gives_no_tick(exchange: str, text: str) -> None:
    judged = outcomes(exchange, text)

    assert all(isinstance(entry, Rejection | Ignored) for entry in judged)
