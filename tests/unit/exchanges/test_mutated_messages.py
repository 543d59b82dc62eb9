"""A message that is not quite right is refused or read right, never wrong."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchanges.registry import VENUES
from services.exchanges.venue import Ignored
from services.market.exact_json import loads
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.mutations import changed_in_one_place, mutated
from tests.unit.exchanges.recorded import FOLDER, all_recorded
from tests.unit.exchanges.samples import read, samples

SAMPLES = [(exchange, text) for exchange in VENUES for text in samples(exchange)]
# The text of an alert is its author's: it may have the fields of any venue.
ANY_FORM = {"tradingview"}


def file_of(exchange: str) -> str:
    """The file that reads the exchange: variants of one venue share their form."""
    reader = VENUES[exchange].read
    return str(getattr(reader, "func", reader).__module__)


FOREIGN = [
    (exchange, other, text)
    for (exchange, text), other in product(SAMPLES, VENUES)
    if file_of(exchange) != file_of(other) and other not in ANY_FORM
]


def trades(exchange: str, text: str) -> list[Tick]:
    readings = read(exchange, text)
    ticks = [entry for entry in readings if isinstance(entry, Tick)]
    return [tick for tick in ticks if tick.kind == "trade"]


def prices(exchange: str, text: str) -> set[Decimal]:
    return {entry.price for entry in read(exchange, text) if isinstance(entry, Tick)}


def is_near(price: Decimal, right: set[Decimal]) -> bool:
    """Return True for a price of the sample, or the middle of its bid and ask."""
    return any(abs(price / one - 1) < Decimal("0.01") for one in right)


def facts(tick: Tick) -> tuple[object, ...]:
    return (tick.symbol, tick.price, tick.volume, tick.side, tick.time_ns)


@pytest.mark.parametrize(("exchange", "text"), SAMPLES)
def test_a_trade_that_lacks_a_value_or_has_it_twice_is_as_before_or_refused(
    exchange: str, text: str
) -> None:
    right = {facts(trade) for trade in trades(exchange, text)}
    ids = {trade.trade_id for trade in trades(exchange, text)}

    changed = [
        trade
        for message in changed_in_one_place(loads(text))
        for trade in trades(exchange, message)
    ]

    assert {facts(trade) for trade in changed} <= right
    assert {trade.trade_id for trade in changed} <= ids


@pytest.mark.parametrize(("exchange", "text"), SAMPLES)
def test_a_ticker_that_lacks_a_value_has_the_last_price_or_the_middle_or_none(
    exchange: str, text: str
) -> None:
    right = prices(exchange, text)

    changed = {
        price
        for message in changed_in_one_place(loads(text))
        for price in prices(exchange, message)
    }

    assert {price for price in changed if not is_near(price, right)} == set()


@pytest.mark.parametrize(("exchange", "other", "text"), FOREIGN)
def test_the_message_of_another_venue_is_refused(
    exchange: str, other: str, text: str
) -> None:
    readings = read(other, text)

    assert {type(entry) for entry in readings} == {Rejection}


def is_reading(entry: object) -> bool:
    return isinstance(entry, (Tick, Rejection, Ignored))


@given(st.sampled_from(SAMPLES), st.data())
def test_no_message_whatever_raises_anything(
    sample: tuple[str, str], data: st.DataObject
) -> None:
    exchange, text = sample
    message = data.draw(mutated(loads(text)))

    assert all(map(is_reading, read(exchange, message)))


RECORDED = [
    (message.exchange, message.fields["raw"])
    for messages in all_recorded().values()
    for message in messages
    if message.exchange in VENUES and len(message.fields["raw"]) < 2_000
]


@pytest.mark.skipif(not RECORDED, reason=f"no recorded messages are at {FOLDER}")
@given(st.data())
def test_no_recorded_message_with_changes_raises_anything(data: st.DataObject) -> None:
    exchange, text = data.draw(st.sampled_from(RECORDED))
    message = data.draw(mutated(loads(text)))

    assert all(map(is_reading, read(exchange, message)))


def nested(depth: int) -> str:
    return '{"data":' * depth + '{"symbol":"BTC","price":1}' + "}" * depth


@pytest.mark.parametrize("exchange", VENUES)
@pytest.mark.parametrize("depth", [2, 500, 5_000])
def test_what_is_nested_deep_is_one_rejection(exchange: str, depth: int) -> None:
    (reading,) = read(exchange, nested(depth))

    assert isinstance(reading, Rejection)
