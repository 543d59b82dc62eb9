import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor.batch import Batch, read_batch
from services.data_processor.message import read_message
from services.data_processor.rules import level
from services.market.marks import read_marks
from tests.unit.attributes import anything
from tests.unit.data_processor.builders import alert, body, record
from tests.unit.function_output import lines_written

MARKS = read_marks("150", "50", "")


def test_messages_are_told_apart() -> None:
    high, low = record(body(), "1"), record(body(price="49", symbol="ETH"), "2")
    normal, bad = record(body(price="100"), "3"), record("{", "4")

    batch = read_batch([high, bad, normal, low], MARKS)

    assert batch == Batch(
        alerts={alert(): [high], alert("49", "LOW", "50", symbol="ETH"): [low]},
        hopeless=[bad],
    )


@pytest.mark.parametrize(
    "again", [body(), body(price="150.20"), body(request_id="2"), body(ma_10="1")]
)
def test_the_same_tick_twice_is_one_alert_of_both_messages(
    again: dict[str, str],
) -> None:
    first, second = record(body(), "1"), record(again, "2")

    batch = read_batch([first, second], MARKS)

    assert batch == Batch(alerts={alert(): [first, second]})


def test_a_tick_that_two_rules_fire_on_raises_two_alerts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    high, low = alert("100", "HIGH", "50"), alert("100", "LOW", "150")
    monkeypatch.setattr(level, "firings", lambda *given: [high.firing, low.firing])
    first, second = record(body(price="100"), "1"), record(body(price="100"), "2")

    batch = read_batch([first, second], MARKS)

    assert batch.alerts == {high: [first, second], low: [first, second]}


def test_another_price_of_the_same_tick_is_hopeless_whatever_rule_it_fires() -> None:
    first, second = record(body(), "1"), record(body(price="49"), "2")

    batch = read_batch([first, second], MARKS)

    assert batch == Batch(alerts={alert(): [first]}, hopeless=[second])


def test_an_alert_with_the_key_of_another_is_hopeless() -> None:
    # The hashes of these two ticks' alerts are equal in their last 8 digits.
    time = "1709294400123.45678900003412345"
    first = record(body(timestamp=f"{time}00002629"), "1")
    second = record(body(timestamp=f"{time}00009508"), "2")

    batch = read_batch([first, second], MARKS)

    assert batch.hopeless == [second]
    assert [records for records in batch.alerts.values()] == [[first]]


def test_another_price_under_the_same_key_is_hopeless() -> None:
    first, second = record(body(), "1"), record(body(price="151"), "2")

    batch = read_batch([first, second], MARKS)

    assert batch == Batch(alerts={alert(): [first]}, hopeless=[second])


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("ten", "price: 'ten' is no decimal number"),
        ("151", "timestamp: is another price's of the same symbol"),
    ],
)
def test_a_hopeless_message_is_told_of(
    capsys: pytest.CaptureFixture[str], price: str, reason: str
) -> None:
    read_batch([record(body(), "1"), record(body(price=price), "7")], MARKS)

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

    batch = read_batch([bad, good], MARKS)

    failure, refused = lines_written(capsys, level="ERROR")
    assert batch == Batch(alerts={alert(): [good]}, hopeless=[bad])
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
def test_any_record_raises_alerts_or_is_hopeless_and_its_neighbours_go_on(
    odd: list[dict[str, Any]],
) -> None:
    good = record(body(), "good")

    batch = read_batch([*odd, good], MARKS)

    assert batch.alerts[alert()] == [good]
