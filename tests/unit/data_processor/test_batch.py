import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor.batch import Batch, Delivery, read_batch
from services.data_processor.message import read_message
from services.rules.firing import Point
from tests.unit.attributes import anything
from tests.unit.data_processor.builders import KEY, SENT_MS, SYMBOL, body, quote, record
from tests.unit.function_output import lines_written

TICK = (SYMBOL, KEY)


def read(*records: Any) -> Batch:
    return read_batch(records, now_ms=SENT_MS)


def test_messages_are_told_apart() -> None:
    btc, eth, bad = record(body(), "1"), record(body(symbol="ETH"), "2"), record("{")

    batch = read(btc, bad, eth)

    assert batch == Batch(
        deliveries={
            TICK: Delivery(quote(), [btc]),
            ("ETH", KEY): Delivery(quote(symbol="ETH"), [eth]),
        },
        hopeless=[bad],
    )
    assert batch.deliveries[TICK].tick == TICK
    assert batch.deliveries[TICK].point == Point(KEY, quote().price)


@pytest.mark.parametrize(
    "again", [body(), body(price="150.20"), body(request_id="2"), body(ma_10="1")]
)
def test_the_same_tick_twice_is_one_delivery_of_both_messages(
    again: dict[str, str],
) -> None:
    first, second = record(body(), "1"), record(again, "2")

    batch = read(first, second)

    assert batch == Batch({TICK: Delivery(quote(), [first, second])})


@pytest.mark.parametrize(
    ("received", "repeated"),
    [
        ([record(body())], False),
        ([record(body(), received=2)], True),
        ([record(body(alert_id="a1"))], True),
        ([record(body(), received=2), record(body())], True),
        ([record(body()), record(body(), received=2)], True),
        ([record(body(alert_id=7))], False),
    ],
)
def test_a_tick_that_may_have_been_judged_is_repeated(
    received: list[Any], repeated: bool
) -> None:
    assert read(*received).deliveries[TICK].repeated is repeated


@pytest.mark.parametrize("price", ["49", "151", "100"])
def test_another_price_of_the_same_tick_is_hopeless(price: str) -> None:
    first, second = record(body(), "1"), record(body(price=price), "2")

    batch = read(first, second)

    assert batch == Batch({TICK: Delivery(quote(), [first])}, hopeless=[second])


@pytest.mark.parametrize(("ahead_ms", "hopeless"), [(300_000, 0), (300_001, 1)])
def test_a_tick_far_in_the_future_is_hopeless(ahead_ms: int, hopeless: int) -> None:
    batch = read(record(body(timestamp=SENT_MS + ahead_ms)))

    assert len(batch.hopeless) == hopeless


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"price": "ten"}, "price: 'ten' is no decimal number"),
        ({"price": "151"}, "timestamp: is another price's of the same symbol"),
        (
            {"timestamp": "2030-01-01T00:00:00Z"},
            f"timestamp: 1893456000000.{'0' * 25} is more than 5 minutes in the future",
        ),
    ],
)
def test_a_hopeless_message_is_told_of(
    capsys: pytest.CaptureFixture[str], changed: dict[str, Any], reason: str
) -> None:
    read(record(body(), "1"), record(body(**changed), "7"))

    (line,) = lines_written(capsys)
    assert (line["level"], line["message"]) == ("ERROR", "message refused")
    assert (line["message_id"], line["reason"]) == ("7", reason)


def test_what_reading_a_message_raises_makes_it_hopeless_and_its_neighbours_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(received: Any) -> Any:
        assert received["messageId"] != "bug"
        return read_message(received)

    monkeypatch.setattr("services.data_processor.batch.read_message", broken)
    good, bad = record(body(), "good"), record(body(), "bug")

    batch = read(bad, good)

    failure, refused = lines_written(capsys, level="ERROR")
    assert batch == Batch({TICK: Delivery(quote(), [good])}, hopeless=[bad])
    assert (failure["message"], failure["message_id"]) == ("record isolated", "bug")
    assert refused["reason"].startswith("record: raised AssertionError")


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "messageId": anything,
                "body": anything | anything.map(json.dumps),
                "attributes": anything,
            },
        )
    )
)
def test_any_record_is_a_delivery_or_hopeless_and_its_neighbours_go_on(
    odd: list[dict[str, Any]],
) -> None:
    good = record(body(), "good")

    batch = read(*odd, good)

    assert batch.deliveries[TICK].records == [good]
