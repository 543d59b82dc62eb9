import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchanges import registry
from services.exchanges.delivery import LARGEST_BODY, Delivery
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.webhook_processor.builders import (
    JUST_BEFORE_NS,
    RECEIVED_AT_MS,
    TRADE,
    posted,
    read,
    trade,
    without,
)

PAYLOADS = Path(__file__).parents[2] / "payloads"
REFUSED = json.loads((PAYLOADS / "refused_ticks.json").read_text())
NO_TRADE_ID = "is neither 1-256 printable characters nor an integer"
MINIMAL = {"symbol": "BTC", "price": "1"}
RECEIVED_AT_NS = RECEIVED_AT_MS * 10**6


def read_bytes(body: bytes) -> list[Any]:
    delivery = Delivery(body, "binance", RECEIVED_AT_MS, "request-1")
    return list(registry.read(delivery))


def test_every_field_of_a_trade_becomes_a_tick() -> None:
    (tick,) = read(TRADE)

    assert tick == Tick(
        symbol="BTC-USDT",
        price=Decimal("64250.1"),
        exchange="binance",
        time_ns=JUST_BEFORE_NS,
        raw=json.dumps(TRADE, separators=(",", ":")),
        kind="trade",
        trade_id="3412345",
        volume=Decimal("0.015"),
        side="buy",
        receipt="",
    )


def test_a_symbol_and_a_price_are_enough() -> None:
    (tick,) = read(MINIMAL)

    assert (tick.symbol, tick.price, tick.exchange) == ("BTC", Decimal(1), "binance")
    assert (tick.trade_id, tick.volume, tick.side) == (None, None, None)


def test_null_is_as_good_as_absent() -> None:
    optional = ("exchange", "timestamp", "trade_id", "volume", "side")

    (tick,) = read(MINIMAL | dict.fromkeys(optional))
    (absent,) = read(MINIMAL)

    assert (tick.timestamp, tick.content) == (absent.timestamp, absent.content)


@pytest.mark.parametrize(
    "body",
    [
        [trade(trade_id=1), trade(trade_id=2)],
        {"prices": [trade(trade_id=1), trade(trade_id=2)]},
    ],
)
def test_a_list_of_ticks_may_stand_alone_or_below_prices(body: Any) -> None:
    assert [tick.trade_id for tick in read(body)] == ["1", "2"]


@pytest.mark.parametrize("body", [[], {"prices": []}])
def test_an_empty_list_holds_nothing(body: Any) -> None:
    assert read(body) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "body: is not JSON"),
        (b"{", "body: is not JSON"),
        (b"NaN", "body: is neither an object nor a list"),
        (b'{"symbol":"BTC","price":NaN}', "price: NaN is no decimal number"),
        (b'{"prices":[],"prices":[]}', "body: is an object that has the key 'prices'"),
        (b'"\xff"', "body: is not UTF-8"),
        (b"42", "body: is neither an object nor a list"),
        (b'"BTC"', "body: is neither an object nor a list"),
        (b"null", "body: is neither an object nor a list"),
        (b"true", "body: is neither an object nor a list"),
        (b'{"prices":{}}', "prices: must be a list and the only field"),
        (b'{"prices":[],"more":1}', "prices: must be a list and the only field"),
    ],
)
def test_a_body_of_no_known_form_is_one_rejection(body: bytes, reason: str) -> None:
    (rejection,) = read_bytes(body)

    assert rejection.reason.startswith(reason)
    assert rejection.payload == body.decode(errors="backslashreplace")


@pytest.mark.parametrize(("size", "kind"), [(0, Tick), (1, Rejection)])
def test_a_body_has_at_most_180_kib(size: int, kind: type) -> None:
    body = json.dumps(TRADE).encode()
    body += b" " * (LARGEST_BODY + size - len(body))

    (entry,) = read_bytes(body)

    assert LARGEST_BODY == 184_320
    assert isinstance(entry, kind)


def test_an_oversized_body_is_rejected_with_its_size() -> None:
    (rejection,) = read("x" * LARGEST_BODY)

    assert rejection.reason == "body: has 184322 bytes, at most 184320"


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_tick_is_explained_and_its_neighbours_go_on(case: dict[str, Any]) -> None:
    before, rejection, after = read([MINIMAL, case["tick"], TRADE])

    assert (before.symbol, after.symbol) == ("BTC", "BTC-USDT")
    assert case["names"] in rejection.reason
    assert json.loads(rejection.payload) == case["tick"]


@pytest.mark.parametrize(
    ("tick", "reason"),
    [
        (without("symbol"), "symbol: None is not 1-64 letters, digits and . : / _ -"),
        (without("price"), "price: None is no decimal number"),
        (trade(price="0"), "price: '0' is not from 1e-24 to 1e24"),
        (trade(volume="-1"), "volume: '-1' is not from 1e-24 to 1e24"),
        (trade(side="hold"), "side: 'hold' is neither buy nor sell"),
        (trade(side=1), "side: Decimal('1') is neither buy nor sell"),
        (trade(trade_id=True), f"trade_id: True {NO_TRADE_ID}"),
        (trade(trade_id="\ud800"), rf"trade_id: '\ud800' {NO_TRADE_ID}"),
        (trade(timestamp=""), "timestamp: '' is neither ISO 8601 nor epoch"),
        (trade(trade_Id=1, a=1), "tick: has unknown field 'a'"),
        (trade(exchange="kraken"), "exchange: 'kraken' is not the path's 'binance'"),
        ([TRADE], "tick: is not an object"),
    ],
)
def test_a_reason_names_the_field_and_what_is_wrong(tick: Any, reason: str) -> None:
    (rejection,) = read([tick])

    assert rejection.reason == reason


@pytest.mark.parametrize("field", ["x" * 100_000, "price\n"])
def test_an_unknown_field_does_not_fill_the_reason(field: str) -> None:
    (rejection,) = read(trade(**{field: 1}))

    assert rejection.reason.startswith("tick: has unknown field")
    assert len(rejection.reason) < 200


def test_a_tick_nested_too_deep_is_explained_and_its_neighbours_go_on() -> None:
    deep = f'{{"symbol":"BTC","price":{"[" * 5000}{"]" * 5000}}}'
    body = f'[{{"symbol":"BTC","price":1}},{deep}]'.encode()

    tick, rejection = read_bytes(body)

    assert tick.symbol == "BTC"
    assert rejection.reason.startswith("price: [[[[")
    assert rejection.payload == deep


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"symbol":"B","price":NaN}', "price: NaN is no decimal number"),
        (
            '{"symbol":"B","price":100,"price":101}',
            "tick: is an object that has the key 'price' more than once",
        ),
    ],
)
def test_what_json_leaves_open_rejects_one_tick_and_its_payload_is_kept(
    bad: str, reason: str
) -> None:
    body = f'[{bad},{{"symbol":"B","price":1}}]'.encode()

    rejection, tick = read_bytes(body)

    assert rejection == Rejection(reason, bad)
    assert tick.price == 1


@pytest.mark.parametrize(
    "number", ["1e-999999999999", "1e999999999999", "1e9999999999999999999", "1e40"]
)
def test_a_number_of_any_size_is_explained_and_its_neighbours_go_on(
    number: str,
) -> None:
    ticks = (f'{{"symbol":"BTC","price":1,"timestamp":{n}}}' for n in (number, "null"))
    body = f"[{','.join(ticks)}]".encode()

    rejection, tick = read_bytes(body)

    assert rejection.reason.startswith("timestamp: ")
    assert tick.symbol == "BTC"


@given(st.from_regex(r"[1-9][0-9]{0,10}(\.[0-9]{0,26}[1-9])?", fullmatch=True))
def test_a_price_is_exact_as_a_number_and_as_text(price: str) -> None:
    body = f'[{{"symbol":"B","price":{price}}},{{"symbol":"B","price":"{price}"}}]'

    as_number, as_text = read_bytes(body.encode())

    assert as_number.price.compare(Decimal(price)) == 0
    assert as_text.price.compare(Decimal(price)) == 0
    assert json.loads(as_number.raw, parse_float=str, parse_int=str)["price"] == price


@pytest.mark.parametrize("volume", [0, "0", "0.00", "1e-24"])
def test_a_volume_may_be_zero(volume: Any) -> None:
    (tick,) = read(trade(volume=volume))

    assert tick.volume == Decimal(volume)


@pytest.mark.parametrize("side", ["buy", "BUY", "Sell"])
def test_a_side_is_understood_in_any_case(side: str) -> None:
    (tick,) = read(trade(side=side))

    assert tick.side == side.lower()


@pytest.mark.parametrize("trade_id", ["3412345", 3412345, 3412345.0])
def test_a_trade_id_is_text_or_an_integer(trade_id: Any) -> None:
    (tick,) = read(trade(trade_id=trade_id))

    assert tick.trade_id == "3412345"


class TestExchange:
    @pytest.mark.parametrize("given", ["binance", "Binance", None])
    def test_is_the_paths_which_a_tick_may_repeat(self, given: str | None) -> None:
        (tick,) = read(trade(exchange=given), exchange="BINANCE")

        assert tick.exchange == "binance"

    def test_is_the_ticks_on_direct_invocation(self) -> None:
        (tick,) = read(trade(exchange="Kraken"), exchange=None)

        assert tick.exchange == "kraken"

    def test_is_required_on_direct_invocation(self) -> None:
        (rejection,) = read(TRADE, exchange=None)

        assert rejection.reason == "exchange: None is not 1-64 of a-z 0-9 _ . -"

    def test_of_a_bad_path_rejects_each_tick(self) -> None:
        first, second = read([TRADE, TRADE], exchange="not a venue")

        assert first.reason == second.reason
        assert first.reason.startswith("exchange: 'not a venue' is not")


class TestTime:
    @pytest.mark.parametrize(
        "timestamp",
        [
            "2024-03-01T12:00:00.123456789Z",
            "2024-03-01T13:00:00.123456789+01:00",
            "1709294400.123456789",
            "1709294400123.456789",
            "1709294400123456.789",
            1709294400123456789,
        ],
    )
    def test_of_a_tick_is_the_same_in_every_form(self, timestamp: Any) -> None:
        (tick,) = read(trade(timestamp=timestamp))

        assert tick.time_ns == JUST_BEFORE_NS

    @pytest.mark.parametrize(
        ("timestamp", "time_ns"),
        [
            ("2009-01-01T00:00:00Z", 1_230_768_000 * 10**9),
            (f"{RECEIVED_AT_NS + 300 * 10**9}", RECEIVED_AT_NS + 300 * 10**9),
        ],
    )
    def test_may_be_from_2009_to_5_minutes_after_receipt(
        self, timestamp: str, time_ns: int
    ) -> None:
        (tick,) = read(trade(timestamp=timestamp))

        assert tick.time_ns == time_ns

    @pytest.mark.parametrize(
        ("timestamp", "problem"),
        [
            ("2008-12-31T23:59:59.999999999Z", "is before 2009"),
            ("1969-12-31T00:00:00Z", "is before 2009"),
            (
                f"{RECEIVED_AT_NS + 300 * 10**9 + 1}",
                "is more than 5 minutes after its receipt",
            ),
        ],
    )
    def test_outside_of_that_is_rejected(self, timestamp: str, problem: str) -> None:
        (rejection,) = read(trade(timestamp=timestamp))

        assert rejection.reason == f"timestamp: {timestamp} {problem}"

    def test_of_receipt_stands_in_where_a_tick_says_none(self) -> None:
        (tick,) = read(without("timestamp"))

        assert tick.time_ns == RECEIVED_AT_NS
        assert tick.receipt == "request-1"


class TestWithoutATime:
    def test_a_retry_of_the_same_request_is_the_same_tick(self) -> None:
        (tick,) = read(without("timestamp"))
        (retried,) = read(without("timestamp"))

        assert retried.timestamp == tick.timestamp

    @pytest.mark.parametrize("fields", [("timestamp",), ("timestamp", "trade_id")])
    def test_a_second_post_is_a_second_tick_even_in_the_same_millisecond(
        self, fields: tuple[str, ...]
    ) -> None:
        (tick,) = read(without(*fields), request_id="request-1")
        (second,) = read(without(*fields), request_id="request-2")

        assert second.time_ns == tick.time_ns
        assert second.timestamp != tick.timestamp

    def test_ticks_of_one_request_differ_as_their_fields_do(self) -> None:
        first, again, other = read(
            [without("timestamp"), without("timestamp"), without("timestamp", "side")]
        )

        assert first.timestamp == again.timestamp
        assert first.content == again.content
        assert first.content != other.content


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.sampled_from(list(TRADE.values())),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(list(TRADE)), inner)
        ),
    )
)
def test_any_json_is_ticks_and_rejections_and_never_a_crash(body: Any) -> None:
    entries = list(registry.read(posted(body)))

    assert all(isinstance(entry, Tick | Rejection) for entry in entries)
