import json
from decimal import Decimal

from rich.console import Console, RenderableType

from tidemark.terminal import row_tables

TICK = {
    "symbol": "BTC",
    "timestamp": Decimal("1709294400123.0000000000000000000000001"),
    "price": Decimal("64250.10"),
    "exchange": "kraken",
    "enriched": True,
    "ma_10": Decimal("64250.12345678901"),
    "ma_20": Decimal("1E+2"),
    "volatility": Decimal(0),
    "price_change_pct": Decimal("0.01"),
}
ALERT = {
    "symbol": "BTC",
    "timestamp": Decimal(1709294400000),
    "alert_type": "HIGH",
    "price": Decimal("64250.1"),
    "threshold": Decimal(150),
}


def shown(view: RenderableType) -> list[str]:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(view)
    return captured.get().splitlines()


def test_json_has_every_number_as_a_string_with_all_of_its_digits() -> None:
    [row] = json.loads(row_tables.as_json([TICK]))

    assert row["timestamp"] == "1709294400123.0000000000000000000000001"
    assert row["price"] == "64250.1"
    assert row["ma_20"] == "100"
    assert row["enriched"] is True


def test_no_rows_are_an_empty_array() -> None:
    assert row_tables.as_json([]) == "[]"


def test_a_tick_is_a_line_of_at_most_eighty_columns() -> None:
    _, line = shown(row_tables.ticks([TICK]))

    assert line.split() == [
        *("2024-03-01", "12:00:00.123", "64250.1", "kraken"),
        *("64250.123", "100", "0", "0.01"),
    ]


def test_a_long_exchange_gives_way() -> None:
    _, line = shown(row_tables.ticks([TICK | {"exchange": "a-very-long-exchange"}]))

    assert "64250.1 a-very-" in line
    assert "…" in line


def test_what_is_not_computed_yet_is_a_dash() -> None:
    poison = {name: TICK[name] for name in ("symbol", "timestamp", "exchange")}

    _, line = shown(row_tables.ticks([{**poison, "price": "no number"}]))

    assert line.split()[2:] == ["no", "number", "kraken", "-", "-", "-", "-"]


ODD = {
    "symbol": "[red]X\x1b[31m",
    "timestamp": Decimal("1E+30"),
    "price": b"\x00",
    "exchange": {"[/red]", "k"},
    "alert_type": Decimal(1),
    "threshold": [b"\xff"],
    "volatility": Decimal("1E-130"),
}


def test_a_row_may_hold_anything_and_is_shown_as_text() -> None:
    [_, tick] = shown(row_tables.ticks([ODD]))
    [_, alert] = shown(row_tables.alerts([ODD]))

    assert tick.split()[:4] == ["1" + "0" * 30, "AA==", "[[/red],", "k]"]
    assert "[red]X\\x1b[31m" in alert


def test_json_takes_every_type_of_value() -> None:
    [row] = json.loads(row_tables.as_json([ODD]))

    assert row["exchange"] == ["[/red]", "k"]
    assert (row["price"], row["threshold"]) == ("AA==", ["/w=="])


def test_an_alert_is_a_line() -> None:
    _, line = shown(row_tables.alerts([ALERT]))

    assert line.split() == ["2024-03-01", "12:00:00", "HIGH", "BTC", "64250.1", "150"]


def test_the_threshold_of_a_change_is_a_percentage() -> None:
    _, line = shown(row_tables.alerts([{**ALERT, "alert_type": "UP", "threshold": 5}]))

    assert line.split()[-2:] == ["5", "%"]
