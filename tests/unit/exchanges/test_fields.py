from decimal import Decimal

import pytest

from services.exchanges.fields import (
    Unit,
    counted_id,
    dashed,
    epoch_ns,
    expiry,
    expiry_of_digits,
    expiry_of_name,
    iso_ns,
    signed_amount,
    split_at,
    split_pair,
    taker_side,
    text_id,
    ticker_price,
)
from services.market.errors import InvalidValue

NOON_NS = 1_714_564_800 * 10**9
SIDES = {"b": "buy", Decimal(1): "sell"}


@pytest.mark.parametrize(
    ("value", "unit", "ns"),
    [
        (Decimal("1714564800"), "s", NOON_NS),
        (Decimal("1714564800.5"), "s", NOON_NS + 500_000_000),
        ("1714564800.123456", "s", NOON_NS + 123_456_000),
        ("1714564800.1234567899", "s", NOON_NS + 123_456_789),
        (Decimal("1714564800123"), "ms", NOON_NS + 123_000_000),
        ("1714564800123.2642", "ms", NOON_NS + 123_264_200),
        ("1714564800123456", "us", NOON_NS + 123_456_000),
        (Decimal("1714564800123456789"), "ns", NOON_NS + 123_456_789),
        ("1714564800123456789.9", "ns", NOON_NS + 123_456_789),
        (Decimal("1.7145648E+12"), "ms", NOON_NS),
    ],
)
def test_an_epoch_time_is_exact_to_the_nanosecond(
    value: object, unit: Unit, ns: int
) -> None:
    assert epoch_ns("T", value, unit) == ns


@pytest.mark.parametrize(
    "value",
    [None, True, [], "", "-1", "1e12", "12:00", "١٢", Decimal("-1"), Decimal("1e999")],
)
def test_what_is_no_epoch_time_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^T: .* is no epoch time in ms"):
        epoch_ns("T", value, "ms")


@pytest.mark.parametrize(
    ("value", "ns"),
    [
        ("2024-05-01T12:00:00Z", NOON_NS),
        ("2024-05-01T12:00:00.5Z", NOON_NS + 500_000_000),
        ("2024-05-01T12:00:00.228751305Z", NOON_NS + 228_751_305),
        ("2024-05-01T12:00:00.2287513059Z", NOON_NS + 228_751_305),
        ("2024-05-01T14:00:00+02:00", NOON_NS),
    ],
)
def test_an_rfc_3339_time_is_exact_to_the_nanosecond(value: str, ns: int) -> None:
    assert iso_ns("time", value) == ns


@pytest.mark.parametrize(
    "value",
    [None, 5, "", "2024-05-01", "2024-05-01 12:00:00Z", "2024-05-01T12:00:00"],
)
def test_what_is_no_rfc_3339_time_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^time: .* is no RFC 3339 time"):
        iso_ns("time", value)


def test_a_day_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"^time: .* is no time "):
        iso_ns("time", "2023-02-29T12:00:00Z")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a9188a0a-82bc", "a9188a0a-82bc"),
        ("007", "007"),
        (Decimal("18446744073709551616"), "18446744073709551616"),
        (Decimal("9" * 28), "9" * 28),
    ],
)
def test_an_id_keeps_all_of_its_digits(value: object, text: str) -> None:
    assert text_id(value) == text


@pytest.mark.parametrize(
    "value",
    [None, True, "", " ", "a\n", "5 ", "x" * 257, Decimal("1.5"), Decimal("1e5"), []],
)
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^i: .* is no id"):
        text_id(value, "i")


@pytest.mark.parametrize("value", ["007", Decimal("18446744073709551616")])
def test_an_id_that_is_counted_has_digits_only(value: object) -> None:
    assert counted_id(value) == str(value)


@pytest.mark.parametrize(
    "value", [None, True, "", " ", "null", "-1", "+1", "1_0", "\u0663", Decimal(-1), []]
)
def test_what_is_not_counted_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^i: .* is no id: an integer"):
        counted_id(value, "i")


@pytest.mark.parametrize(("value", "side"), [("b", "buy"), (Decimal(1), "sell")])
def test_a_side_is_the_one_of_its_name(value: object, side: str) -> None:
    assert taker_side(value, SIDES) == side


@pytest.mark.parametrize("value", [None, True, [], "B", Decimal(0)])
def test_an_unknown_side_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^side: .* is neither b nor 1"):
        taker_side(value, SIDES)


@pytest.mark.parametrize(
    ("value", "amount", "side"),
    [
        (Decimal("-0.5"), "0.5", "sell"),
        (Decimal("0.5"), "0.5", "buy"),
        ("-3", "3", "sell"),
    ],
)
def test_the_sign_of_an_amount_is_the_side(
    value: object, amount: str, side: str
) -> None:
    assert signed_amount("size", value) == (Decimal(amount), side)


@pytest.mark.parametrize("value", [None, True, "--1", "-", Decimal(0)])
def test_an_amount_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"^size: "):
        signed_amount("size", value)


@pytest.mark.parametrize(
    ("last", "bid", "ask", "price"),
    [
        ("5", "1", "2", "5"),
        (None, "1", "2", "1.5"),
        ("", Decimal(1), Decimal("1.01"), "1.005"),
        (Decimal("0.0"), "0.35210000", "0.35240000", "0.35225"),
    ],
)
def test_the_price_of_a_ticker_is_the_last_or_the_exact_middle(
    last: object, bid: object, ask: object, price: str
) -> None:
    assert ticker_price(last, bid, ask) == Decimal(price)


@pytest.mark.parametrize(
    ("bid", "ask"), [("1", None), ("", "2"), (Decimal(0), "2"), (None, None)]
)
def test_a_ticker_with_one_side_only_has_no_price(bid: object, ask: object) -> None:
    assert ticker_price(None, bid, ask) is None


def test_the_middle_loses_no_digit() -> None:
    digits = "1." + "0" * 35 + "1"

    assert ticker_price(None, "1", digits) == Decimal("1." + "0" * 36 + "5")


def test_a_bad_price_is_refused_rather_than_passed_over() -> None:
    with pytest.raises(InvalidValue, match=r"^last price: 'n/a' is no decimal"):
        ticker_price("n/a", "1", "2")


QUOTES = ("USD", "BUSD", "BTC")
BASES = ("BNB", "OMG")


@pytest.mark.parametrize(
    ("symbol", "pair"),
    [
        ("ETHBTC", ("ETH", "BTC")),
        ("LINKUSD", ("LINK", "USD")),
        ("BNBUSD", ("BNB", "USD")),
        ("BNBBUSD", ("BNB", "BUSD")),
        ("OMGBUSD", ("OMG", "BUSD")),
        ("BUSDUSD", ("BUSD", "USD")),
    ],
)
def test_a_pair_is_split_at_its_quote_currency(
    symbol: str, pair: tuple[str, str]
) -> None:
    assert split_pair(symbol, QUOTES, bases=BASES) == pair


@pytest.mark.parametrize(
    "symbol", [None, 5, "", "USD", "BTCEUR", "XYZBUSD", "X" * 65 + "BTC"]
)
def test_a_pair_is_refused_rather_than_split_wrongly(symbol: object) -> None:
    with pytest.raises(InvalidValue, match=r"^symbol: "):
        split_pair(symbol, QUOTES, bases=BASES)


@pytest.mark.parametrize("symbol", [None, "", "BTC", "BTC/", "/USD", "A/B/C"])
def test_a_pair_has_one_separator(symbol: object) -> None:
    with pytest.raises(InvalidValue, match=r"^symbol: .* is no BASE/QUOTE"):
        split_at(symbol, "/")


def test_a_symbol_is_in_upper_case() -> None:
    assert dashed(*split_at("btc/usd", "/"), "PERP") == "BTC-USD-PERP"


@pytest.mark.parametrize("quote", ["USD-PERP", "USD/X", "USD_UM", "A:B"])
def test_a_separator_within_a_part_of_a_symbol_is_refused(quote: str) -> None:
    with pytest.raises(InvalidValue, match=r"^symbol: .* separator within a part"):
        dashed("BTC", quote)


def test_the_last_day_of_a_contract_is_short() -> None:
    assert expiry_of_digits("211231") == "21Z31"
    assert expiry_of_digits("20211231") == "21Z31"
    assert expiry_of_name("24SEP21") == "21U24"
    assert expiry_of_name("5JUN20") == "20M05"
    assert expiry("24", 2, "29") == "24G29"


@pytest.mark.parametrize("digits", ["", "2112", "19991231", "211331", "210229", "x"])
def test_digits_that_are_no_day_are_refused(digits: str) -> None:
    with pytest.raises(InvalidValue, match=r"^symbol: "):
        expiry_of_digits(digits)


@pytest.mark.parametrize("name", ["", "SEP21", "24SEPT21", "24sep21", "31FEB21"])
def test_names_that_are_no_day_are_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"^symbol: "):
        expiry_of_name(name)
