import json
from decimal import Decimal
from typing import Any

import pytest

from services.price_enricher.enrichment import Enriched
from services.price_enricher.history import Row
from services.price_enricher.message import market_data
from services.price_enricher.stream_record import Insert
from tests.unit.price_enricher.builders import SYMBOL, enrichment, item, key, point

OPTIONAL = ("exchange", "request_id")


def message(image: Any = None, price: str = "100", **values: Any) -> dict[str, Any]:
    row = Row(point(5, price), None, None)
    entry = Enriched(SYMBOL, row, enrichment(**values), inserted=True)
    parsed: dict[str, Any] = json.loads(
        market_data(Insert("1", image or item(5)), entry)
    )
    return parsed


def test_a_message_has_the_tick_and_its_values_every_number_as_text() -> None:
    assert message(price="1E+2", ma_10="99.50", previous=point(4, "98")) == {
        "symbol": SYMBOL,
        "timestamp": key(5),
        "price": "100",
        "exchange": "binance",
        "ma_10": "99.5",
        "ma_20": "101",
        "volatility": "1.5",
        "price_change_pct": "-2",
        "previous_price": "98",
        "previous_timestamp": key(4),
        "request_id": "request-5",
    }


def test_the_first_tick_has_none_before_it() -> None:
    first = message(previous=None)

    assert not first.keys() & {"previous_price", "previous_timestamp"}


@pytest.mark.parametrize("absent", OPTIONAL)
def test_what_the_row_does_not_say_is_left_out(absent: str) -> None:
    row = {name: value for name, value in item(5).items() if name != absent}

    assert message(row).keys() & OPTIONAL == {*OPTIONAL} - {absent}


@pytest.mark.parametrize(
    ("value", "text"),
    [("0E-61", "0"), ("1E+50", f"1{'0' * 50}"), ("1.5E-7", "0.00000015")],
)
def test_numbers_are_plain_decimals(value: str, text: str) -> None:
    assert message(volatility=Decimal(value))["volatility"] == text


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_would_not_fit_into_a_message_is_left_out(name: str) -> None:
    assert name not in message(item(5, **{name: {"S": "x" * 300_000}}))
