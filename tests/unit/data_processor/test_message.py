import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor.message import Quote, read_message
from services.market.errors import InvalidValue
from services.market.tick import Tick
from tests.unit.data_processor.builders import (
    KEY,
    SENT_MS,
    SYMBOL,
    body,
    record,
    without,
)
from tests.unit.strategies import ticks

MIDDAY = "1709294400123.0000000000000000000000000"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def read(content: Any, message_id: str = "message-1") -> Quote:
    return read_message(record(content, message_id))


def test_a_message_is_read() -> None:
    assert read(body(price="150.20")) == Quote(
        symbol=SYMBOL,
        timestamp=KEY,
        price=Decimal("150.2"),
        exchange="binance",
        request_id="request-1",
    )


@given(ticks)
def test_a_tick_keeps_its_key(tick: Tick) -> None:
    stored = f"{Decimal(tick.timestamp):f}".rstrip("0").rstrip(".")

    assert read(body(timestamp=stored)).timestamp == tick.timestamp


@pytest.mark.parametrize("price", ["150.2", "150.20", "1.502e2", 150.2, 1.502e2])
def test_a_price_is_read_as_text_and_as_number(price: object) -> None:
    assert str(read(body(price=price)).price) == "150.2"


def test_a_number_keeps_all_its_digits() -> None:
    text = "1234567890123.4567890123456789012345678"

    quote = read(f'{{"symbol": "BTC", "price": {text}, "timestamp": {KEY}}}')

    assert str(quote.price) == text
    assert quote.timestamp == KEY


@pytest.mark.parametrize(
    "timestamp",
    [
        "2024-03-01T12:00:00.123Z",
        "2024-03-01T13:00:00.123+01:00",
        "2024-03-01 12:00:00.123",
        "1709294400.123",
        1709294400.123,
        1709294400123,
        "1709294400123",
        1709294400123000,
        "1709294400123000000",
    ],
)
def test_a_time_is_read_in_every_form(timestamp: object) -> None:
    assert read(body(timestamp=timestamp)).timestamp == MIDDAY


@pytest.mark.parametrize("content", [without("timestamp"), body(timestamp=None)])
def test_without_a_time_the_key_is_the_sent_time_and_a_hash_of_the_id(
    content: Any,
) -> None:
    first, again = read(content), read(content)
    other = read(content, "message-2")

    ms, _, decimals = first.timestamp.partition(".")
    assert (ms, len(decimals)) == (str(SENT_MS), 25)
    assert again == first
    assert other.timestamp.partition(".")[0] == ms
    assert other.timestamp != first.timestamp


@pytest.mark.parametrize("field", ["exchange", "request_id"])
@pytest.mark.parametrize("absent", ["left out", "null"])
def test_what_is_optional_may_be_absent(field: str, absent: str) -> None:
    contents = {"left out": without(field), "null": body(**{field: None})}

    assert getattr(read(contents[absent]), field) is None


@pytest.mark.parametrize(
    "changed",
    [{"symbol": "btc-usdt"}, {"exchange": "Binance"}, {"ma_10": "x"}, {"extra": [{}]}],
)
def test_case_and_other_fields_make_no_difference(changed: dict[str, Any]) -> None:
    assert read(body(**changed)) == read(body())


def test_a_request_id_of_256_characters_is_allowed() -> None:
    assert read(body(request_id="x" * 256)).request_id == "x" * 256


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "body: is not JSON"),
        ("{", "body: is not JSON"),
        ('{"symbol": "BTC", "price": NaN}', "price: NaN"),
        ('{"symbol": "BTC", "symbol": "ETH"}', "body: is not an object"),
        (f'{{"symbol": "BTC", "price": {"9" * 5000}}}', "price: '9999"),
        (f'{{"symbol": "BTC", "price": {"[" * 50_000}', "body: is not JSON"),
        (f"{'[' * 50_000}{']' * 50_000}", "body: is not JSON"),
        ("[" * 100_000, "body: is not JSON"),
        ([body()], "body: is not an object"),
        ("42", "body: is not an object"),
        ({}, "symbol: None"),
        (without("symbol"), "symbol: None"),
        (without("price"), "price: None"),
        (body(symbol=""), "symbol: ''"),
        (body(symbol=7), "symbol: "),
        (body(price="ten"), "price: 'ten'"),
        (body(price="0"), "price: '0'"),
        (body(price=True), "price: True"),
        (body(timestamp="yesterday"), "timestamp: 'yesterday'"),
        (body(timestamp=""), "timestamp: ''"),
        (body(timestamp=[1]), "timestamp: "),
        (body(timestamp="1960-01-01"), "timestamp: 1960-01-01"),
        (body(exchange="the moon"), "exchange: 'the moon'"),
        (body(request_id=7), "request_id: "),
        (body(request_id="a\nb"), "request_id: "),
        (body(request_id="x" * 257), "request_id: "),
    ],
)
def test_a_malformed_message_is_refused(content: Any, reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(content)

    assert refused.value.reason.startswith(reason)
    assert len(refused.value.reason) < 200


@given(st.dictionaries(st.sampled_from([*body()]), anything))
def test_whatever_a_message_has_it_is_read_or_refused(changed: dict[str, Any]) -> None:
    with suppress(InvalidValue):
        quote = read(json.dumps(body(**changed)))

        assert quote.symbol == quote.symbol.upper()
        assert quote.price > 0
        assert len(quote.timestamp.partition(".")[2]) == 25


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timestamp", "9" * 5000),
        ("symbol", "9" * 5000),
        ("exchange", "9" * 5000),
        ("request_id", "9" * 5000),
    ],
)
def test_a_number_of_5000_digits_is_refused_wherever_it_is(
    field: str, value: str
) -> None:
    content = json.dumps(body(**{field: "@"})).replace('"@"', value)

    with pytest.raises(InvalidValue, match=f"^{field}: "):
        read(content)


def test_a_number_of_5000_digits_in_a_field_that_is_not_read_is_ignored() -> None:
    content = json.dumps(body(ma_10="@")).replace('"@"', "9" * 5000)

    assert read(content) == read(body())


@pytest.mark.parametrize("content", [None, 5, b"{}", {}])
def test_a_record_without_a_body_of_text_is_refused(content: Any) -> None:
    with pytest.raises(InvalidValue, match="body: is no text"):
        read_message({**record(""), "body": content})


@pytest.mark.parametrize(
    "changed",
    [
        {"attributes": None},
        {"attributes": {}},
        {"attributes": {"SentTimestamp": "noon"}},
        {"attributes": {"SentTimestamp": "9" * 14}},
        {"attributes": {"SentTimestamp": 1709294400500}},
        {"messageId": None},
    ],
)
def test_without_any_time_a_message_is_refused(changed: dict[str, Any]) -> None:
    odd = {**record(without("timestamp")), **changed}

    with pytest.raises(InvalidValue, match="timestamp: is missing, as are"):
        read_message(odd)


@given(
    st.text(st.characters(codec=None, exclude_categories=[])) | anything.map(json.dumps)
)
def test_any_raw_body_is_read_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        assert read(text).price > 0
