import json
from decimal import Decimal
from typing import Any

import pytest

from services.data_processor.alert import Alert, detect
from services.market.marks import read_marks
from tests.unit.data_processor.builders import KEY, SYMBOL, alert, quote

MARKS = read_marks("150", "50", "")
SIXTY_FOUR = "B" * 64


@pytest.mark.parametrize(
    ("price", "raised"),
    [
        ("150.2", alert("150.2", "HIGH", "150")),
        ("49", alert("49", "LOW", "50")),
        ("150", None),
        ("50", None),
    ],
)
def test_a_quote_beyond_a_mark_raises_an_alert(
    price: str, raised: Alert | None
) -> None:
    assert detect(quote(price), MARKS) == raised


def test_a_quote_is_held_against_the_marks_of_its_symbol() -> None:
    marks = read_marks("150", "50", f'{{"{SYMBOL}": {{"high": 100000}}}}')

    assert detect(quote("99999"), marks) is None
    assert detect(quote("1e5", symbol="ETH"), marks)


@pytest.mark.parametrize(
    ("raised", "subject", "message"),
    [
        (
            alert("150.2"),
            "HIGH BTC-USDT 150.2 > 150",
            "BTC-USDT at 150.2 is above its high mark of 150 (binance)",
        ),
        (
            alert("1E-7", "LOW", "5E+1", exchange=None),
            "LOW BTC-USDT 0.0000001 < 50",
            "BTC-USDT at 0.0000001 is below its low mark of 50",
        ),
    ],
)
def test_an_alert_reads_in_plain_decimals(
    raised: Alert, subject: str, message: str
) -> None:
    assert raised.subject == subject
    assert raised.message == message


@pytest.mark.parametrize(
    ("digits", "subject"),
    [
        (23, f"HIGH {SIXTY_FOUR} {'9' * 23} > 150"),
        (24, f"HIGH {SIXTY_FOUR}"),
    ],
)
def test_a_subject_of_more_than_99_characters_leaves_the_prices_out(
    digits: int, subject: str
) -> None:
    raised = alert("9" * digits, symbol=SIXTY_FOUR)

    assert raised.subject == subject
    assert len(raised.subject) <= 99


def test_the_longest_subject_with_prices_has_99_characters() -> None:
    assert len(alert("9" * 23, symbol=SIXTY_FOUR).subject) == 99


@pytest.mark.parametrize(
    "changed",
    [{"request_id": "request-2"}, {"exchange": None}, {"price": "151"}],
)
def test_an_alert_id_is_a_function_of_the_tick(changed: dict[str, Any]) -> None:
    assert alert(**changed).alert_id == alert().alert_id
    assert len(alert().alert_id) == 32


@pytest.mark.parametrize("changed", [{"symbol": "BTC"}, {"timestamp": f"{KEY[:-1]}2"}])
def test_another_tick_has_another_alert_id(changed: dict[str, Any]) -> None:
    assert alert(**changed).alert_id != alert().alert_id


def test_the_body_has_every_number_as_text() -> None:
    written = json.loads(
        alert("1.5E+2", threshold="149.0").body("2024-03-01T12:00:00Z")
    )

    assert written == {
        "symbol": SYMBOL,
        "timestamp": KEY,
        "alert_type": "HIGH",
        "price": "150",
        "threshold": "149",
        "exchange": "binance",
        "message": "BTC-USDT at 150 is above its high mark of 149 (binance)",
        "alert_id": alert().alert_id,
        "request_id": "request-1",
        "created_at": "2024-03-01T12:00:00Z",
    }


def test_what_is_not_known_is_left_out() -> None:
    texts = alert(exchange=None, request_id=None).texts()

    assert texts.keys().isdisjoint(("exchange", "request_id"))


def test_a_threshold_is_exact() -> None:
    marks = read_marks("1234567890123.4567890123456789012345678", "50", "")

    raised = detect(quote("1234567890123.4567890123456789012345679"), marks)

    assert raised
    assert raised.threshold == Decimal("1234567890123.4567890123456789012345678")
