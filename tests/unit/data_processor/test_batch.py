import json

import pytest

from services.data_processor.batch import Batch, read_batch
from services.market.marks import read_marks
from tests.unit.data_processor.builders import alert, body, record

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

    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["message"]) == ("ERROR", "message refused")
    assert (line["message_id"], line["reason"]) == ("7", reason)
