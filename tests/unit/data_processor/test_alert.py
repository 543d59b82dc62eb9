import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor.alert import Alert, raised, read_alert
from services.market.errors import InvalidValue
from services.market.tick import Tick
from services.rules.firing import AlertType, Firing, Move, Point
from tests.unit.data_processor.builders import (
    ALERT_KEY,
    KEY,
    SENT_MS,
    SYMBOL,
    alert,
    quote,
)
from tests.unit.strategies import amounts, ticks

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
    written = json.loads(alert("1.5E+2", threshold="149.0").body())

    assert written == {
        "symbol": SYMBOL,
        "timestamp": ALERT_KEY,
        "tick_timestamp": KEY,
        "rule_id": "high",
        "alert_type": "HIGH",
        "price": "150",
        "threshold": "149",
        "suppressed": "0",
        "exchange": "binance",
        "message": "BTC-USDT at 150 is above its high mark of 149 (binance)",
        "alert_id": alert().alert_id,
        "request_id": "request-1",
        "created_at": "2024-03-01T12:00:00.500Z",
    }


def test_what_is_not_known_is_left_out() -> None:
    fields = alert(exchange=None, request_id=None).fields()

    assert fields.keys().isdisjoint(("exchange", "request_id"))


def of_change(price: str, reference: str = "100", **given: Any) -> Alert:
    point = Point(KEY, Decimal(price))
    side: AlertType = "UP" if Decimal(price) > Decimal(reference) else "DOWN"
    move = Move(Decimal(reference), 300)
    firing = Firing(point, "fast", side, Decimal(5), move=move, **given)
    return raised(quote(price), firing, now_ms=SENT_MS, max_age_s=3600)


@pytest.mark.parametrize(
    ("price", "reference", "subject", "message"),
    [
        (
            "105.2",
            "100",
            "UP BTC-USDT 105.2 +5.2 % in 300 s",
            "BTC-USDT rose from 100 to 105.2 (+5.2 %) within 300 s (binance)",
        ),
        (
            "0.9",
            "1",
            "DOWN BTC-USDT 0.9 -10 % in 300 s",
            "BTC-USDT fell from 1 to 0.9 (-10 %) within 300 s (binance)",
        ),
        (
            "100.0012345",
            "100",
            "UP BTC-USDT 100.0012345 +0.00123 % in 300 s",
            "BTC-USDT rose from 100 to 100.0012345 (+0.00123 %) within 300 s (binance)",
        ),
        (
            "9e23",
            "9",
            f"UP BTC-USDT 9{'0' * 23} +{'9' * 23}00 % in 300 s",
            f"BTC-USDT rose from 9 to 9{'0' * 23} (+{'9' * 23}00 %) within 300 s "
            "(binance)",
        ),
    ],
)
def test_an_alert_of_a_change_says_by_how_much(
    price: str, reference: str, subject: str, message: str
) -> None:
    assert of_change(price, reference).subject == subject
    assert of_change(price, reference).message == message


@pytest.mark.parametrize(
    ("suppressed", "words"),
    [
        (0, ""),
        (1, "; 1 tick without an alert since the last one at 104"),
        (7, "; 7 ticks without an alert since the last one at 104"),
    ],
)
def test_an_alert_tells_what_was_suppressed(suppressed: int, words: str) -> None:
    told = of_change("110", suppressed=suppressed, previous_price=Decimal(104)).message

    assert told == f"{of_change('110').message}{words}"


def test_a_row_has_everything_that_is_published() -> None:
    found = of_change(
        "110", suppressed=2, previous_price=Decimal("104.50"), channels=("desk", "ops")
    )

    assert found.item() == {
        "symbol": {"S": SYMBOL},
        "timestamp": {"N": found.key[1]},
        "tick_timestamp": {"N": KEY},
        "rule_id": {"S": "fast"},
        "alert_type": {"S": "UP"},
        "price": {"N": "110"},
        "threshold": {"N": "5"},
        "suppressed": {"N": "2"},
        "previous_price": {"N": "104.5"},
        "reference_price": {"N": "100"},
        "window_s": {"N": "300"},
        "channels": {"L": [{"S": "desk"}, {"S": "ops"}]},
        "exchange": {"S": "binance"},
        "message": {"S": found.message},
        "alert_id": {"S": found.alert_id},
        "request_id": {"S": "request-1"},
        "created_at": {"S": "2024-03-01T12:00:00.500Z"},
    }


@pytest.mark.parametrize(("age_s", "stale"), [(3600, None), (3601, True)])
def test_an_alert_of_an_old_tick_is_stale(age_s: int, stale: bool | None) -> None:
    tick_ms = 1_709_294_400_123

    found = alert(created_ms=tick_ms + age_s * 1000)

    assert found.fields().get("stale") is stale
    assert found.item().get("stale") == (stale and {"BOOL": True})


@given(
    ticks,
    amounts,
    st.none() | amounts,
    st.none() | st.builds(Move, amounts, st.integers(1, 10**6)),
    st.lists(st.text(min_size=1)).map(tuple),
)
def test_an_alert_is_read_back_from_its_row(
    tick: Tick,
    threshold: Decimal,
    previous: Decimal | None,
    move: Move | None,
    channels: tuple[str, ...],
) -> None:
    side: AlertType = "UP" if move else "HIGH"
    point = Point(tick.timestamp, tick.price)
    firing = Firing(point, "rule", side, threshold, 3, previous, move, channels)
    stored = Alert(tick.symbol, firing, tick.exchange, None, "now", stale=True)

    assert read_alert(stored.item()) == stored


@pytest.mark.parametrize(
    "name", ["tick_timestamp", "price", "threshold", "rule_id", "created_at"]
)
def test_a_row_without_its_fields_is_not_an_alert(name: str) -> None:
    row = alert().item()
    del row[name]

    with pytest.raises(InvalidValue, match="alert: has no readable row"):
        read_alert(row)
