import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor.alert import Alert
from services.market.marks import AlertType
from services.market.tick import Tick
from tests.unit.data_processor.builders import ALERT_KEY, KEY, SYMBOL, alert
from tests.unit.strategies import ticks

SIXTY_FOUR = "B" * 64


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
    ("symbol", "subject"),
    [
        ("币-USDT", "HIGH \\u5e01-USDT 150.2 > 150"),
        ("币" * 64, "HIGH " + "\\u5e01" * 15 + "\\u5e"),
    ],
)
def test_a_subject_shows_characters_beyond_ascii_by_their_numbers(
    symbol: str, subject: str
) -> None:
    raised = alert(symbol=symbol)

    assert raised.subject.startswith(subject[:97])
    assert raised.subject.isascii()
    assert len(raised.subject) <= 99
    assert raised.message.startswith(symbol)


@pytest.mark.parametrize(
    "changed",
    [{"request_id": "request-2"}, {"exchange": None}, {"price": "151"}],
)
def test_an_alert_is_the_same_whenever_a_rule_fires_on_a_tick(
    changed: dict[str, Any],
) -> None:
    assert alert(**changed).alert_id == alert().alert_id
    assert alert(**changed).key == alert().key
    assert len(alert().alert_id) == 32


@pytest.mark.parametrize(
    "changed",
    [{"symbol": "BTC"}, {"timestamp": f"{KEY[:-1]}2"}, {"alert_type": "LOW"}],
)
def test_another_tick_or_rule_is_another_alert(changed: dict[str, Any]) -> None:
    assert alert(**changed).alert_id != alert().alert_id
    assert alert(**changed).key != alert().key


def test_a_rows_key_is_its_ticks_but_for_the_last_8_of_38_digits() -> None:
    symbol, timestamp = alert().key

    assert (symbol, timestamp) == (SYMBOL, ALERT_KEY)
    assert timestamp[:31] == KEY[:31]
    assert len(timestamp.replace(".", "")) == 38


@given(ticks, st.sampled_from(["HIGH", "LOW"]))
def test_a_rows_key_has_38_digits_whatever_the_tick(
    tick: Tick, alert_type: AlertType
) -> None:
    _, timestamp = alert(alert_type=alert_type, timestamp=tick.timestamp).key

    assert timestamp[:-8] == tick.timestamp[:-8]
    assert timestamp.replace(".", "").isdigit()
    assert len(timestamp) == 39


def test_the_body_has_every_number_as_text() -> None:
    written = json.loads(
        alert("1.5E+2", threshold="149.0").body("2024-03-01T12:00:00Z")
    )

    assert written == {
        "symbol": SYMBOL,
        "timestamp": ALERT_KEY,
        "tick_timestamp": KEY,
        "rule_id": "high",
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
