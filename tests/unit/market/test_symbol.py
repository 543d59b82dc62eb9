import pytest

from services.market.errors import InvalidValue
from services.market.symbol import parse_exchange, parse_symbol


@pytest.mark.parametrize(
    ("given", "symbol"),
    [
        ("BTC", "BTC"),
        ("btc-usdt", "BTC-USDT"),
        ("A.b:C/d_E-9", "A.B:C/D_E-9"),
        ("x" * 64, "X" * 64),
    ],
)
def test_a_symbol_is_upper_cased(given: str, symbol: str) -> None:
    assert parse_symbol(given) == symbol


@pytest.mark.parametrize(
    "value", ["", " ", "BTC USD", "BTC\n", "x" * 65, "ß", "BTÇ", "BTC+", 42, None, []]
)
def test_what_is_no_symbol_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"symbol: .* is not 1-64 of"):
        parse_symbol(value)


@pytest.mark.parametrize(
    ("given", "exchange"),
    [
        ("binance", "binance"),
        ("Crypto.com_X-1", "crypto.com_x-1"),
        ("x" * 64, "x" * 64),
    ],
)
def test_an_exchange_is_lower_cased(given: str, exchange: str) -> None:
    assert parse_exchange(given) == exchange


@pytest.mark.parametrize(
    "value", ["", "a b", "a/b", "a:b", "a\n", "x" * 65, "\u212a", "é", 42, None, {}]
)
def test_what_is_no_exchange_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"exchange: .* is not 1-64 of"):
        parse_exchange(value)


def test_a_reason_shows_only_the_start_of_a_long_symbol() -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_symbol("x" * 10_000)

    assert len(refused.value.reason) < 200
