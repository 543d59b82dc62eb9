from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.errors import InvalidValue
from services.market.exact_json import Ambiguous, Json, dumps, loads

numbers = st.from_regex(
    r"-?(0|[1-9][0-9]{0,60})(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,4})?", fullmatch=True
)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.text() | numbers.map(Decimal),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(numbers)
def test_a_number_keeps_its_digits(number: str) -> None:
    parsed = loads(dumps(loads(number)))

    assert isinstance(parsed, Decimal)
    assert parsed.as_tuple() == Decimal(number).as_tuple()


@given(values)
def test_what_is_written_is_read_back(value: Json) -> None:
    text = dumps(value)

    assert text.isascii()
    assert loads(text) == value


def test_text_is_compact_and_in_the_order_of_its_source() -> None:
    source = '{ "symbol": "BTC", "prices": [1.50, 2e3, null, true], "é": "\\ud800" }'

    text = dumps(loads(source))

    assert text == (
        r'{"symbol":"BTC","prices":[1.50,2E+3,null,true],"\u00e9":"\ud800"}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,]",
        "{'a': 1}",
        "01",
        "[" * 100_000,
    ],
)
def test_what_is_not_strictly_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="body: is not JSON"):
        loads(text)


def test_a_number_beyond_any_exponent_is_text_and_spoils_nothing_around_it() -> None:
    parsed = loads('[1, 1e9999999999999999999, "x"]')

    assert parsed == [Decimal(1), "1e9999999999999999999", "x"]


@pytest.mark.parametrize(
    "text",
    [
        "[NaN,-Infinity]",
        '{"a":1,"b":{"c":[],"c":{"d":2.50}}}',
        f'{{"a":{"[" * 5000}1.20{"]" * 5000},"b":"\\u00fc","c":{{}}}}',
        f'[{{"a":1,"a":{"[" * 5000}{{"b":null,"c":true}}{"]" * 5000}}}]',
    ],
)
def test_what_is_written_again_is_what_was_read(text: str) -> None:
    assert dumps(loads(text)) == text


def test_an_object_with_a_key_twice_has_no_value_for_any_key() -> None:
    ambiguous = loads('{"a":1,"b":2,"a":1}')

    assert isinstance(ambiguous, Ambiguous)
    with pytest.raises(InvalidValue, match="tick: is an object that has the key 'a'"):
        ambiguous["b"]
