from contextlib import suppress
from unicodedata import is_normalized

import hypothesis
import pytest
from hypothesis import strategies as st

from services.market.errors import InvalidValue
from services.market.symbol import parse_exchange, parse_symbol


@pytest.mark.parametrize(
    ("given", "symbol"),
    [
        ("BTC", "BTC"),
        ("btc-usdt", "BTC-USDT"),
        ("A.b:C/d_E-9", "A.B:C/D_E-9"),
        ("x" * 64, "X" * 64),
        ("币安人生-usdt", "币安人生-USDT"),
        ("币" * 64, "币" * 64),
        ("ß", "SS"),
        ("BTÇ", "BTÇ"),
        ("BTC\u0327", "BTÇ"),
        ("e\u0301", "É"),
        ("\u212a", "K"),
        ("щюя/жд", "ЩЮЯ/ЖД"),
        ("ビットコイン", "ビットコイン"),
        ("بيتكوين", "بيتكوين"),
        ("٣", "٣"),
    ],
)
def test_a_symbol_is_upper_cased_and_composed(given: str, symbol: str) -> None:
    assert parse_symbol(given) == symbol


@hypothesis.given(st.text(max_size=80))
def test_a_symbol_stays_as_it_is_when_it_is_read_again(text: str) -> None:
    with suppress(InvalidValue):
        symbol = parse_symbol(text)

        assert parse_symbol(symbol) == symbol
        assert is_normalized("NFC", symbol)
        assert len(symbol) <= 64


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            " ",
            "BTC USD",
            "BTC\n",
            "x" * 65,
            "BTC+",
            "币" * 65,
            "ß" * 33,
            "x" * 10**6,
        ),
        *(
            "BTC\0",
            "BTC\u200b",
            "BTC\u00ad",
            "BTC\ufeff",
            "BTC\u3164",
            "\uffa0",
            "\u115f",
        ),
        *(
            "BTC\u202e",
            "BTC\u2066",
            "\u200fBTC",
            "x\u0301",
            "\u0301",
            "\u034f",
            "\ud800",
        ),
        *("²", "½", "₿", "🚀", "BTC\u2028", "BTC\u00a0", "BTC\u2010USD"),
        *(42, None, [], {}),
    ],
)
def test_what_is_no_symbol_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"symbol: .* is not 1-64 letters"):
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
