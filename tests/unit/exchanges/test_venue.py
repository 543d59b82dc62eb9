from typing import Any

import pytest

from services.exchanges.delivery import Delivery
from services.exchanges.venue import Ignored, each, one, tick
from services.market.errors import InvalidValue
from services.market.exact_json import loads
from services.market.quarantine import Rejection
from services.market.tick import Tick

RECEIVED_AT_MS = 1_709_294_400_500
DELIVERY = Delivery(b"", "Kraken", RECEIVED_AT_MS, "request-1")


def parse(fields: dict[str, Any]) -> Tick | Ignored:
    return tick(DELIVERY, fields, symbol="BTC-USD", price=fields["p"], kind="ticker")


def refuse(fields: dict[str, Any]) -> Tick | Ignored:
    raise fields["error"]


def test_a_tick_has_the_venue_of_its_delivery_and_its_own_json() -> None:
    made = parse({"p": "1.50"})

    assert isinstance(made, Tick)
    assert (made.exchange, made.raw) == ("kraken", '{"p":"1.50"}')


def test_a_tick_without_a_time_has_that_of_its_receipt_and_only_a_retry_equals_it() -> (
    None
):
    made = tick(DELIVERY, {}, symbol="BTC-USD", price="1", kind="ticker")

    assert (made.time_ns, made.receipt) == (RECEIVED_AT_MS * 10**6, "request-1")


def test_a_tick_with_a_time_is_the_same_whatever_request_it_comes_with() -> None:
    noon_ns = 1_709_294_400 * 10**9

    made = tick(DELIVERY, {}, symbol="BTC-USD", price="1", volume="0", time_ns=noon_ns)

    assert isinstance(made, Tick)
    assert (made.time_ns, made.receipt) == (noon_ns, "")


def test_a_time_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidValue, match="timestamp: 5 ns is before 2009"):
        tick(DELIVERY, {}, symbol="BTC-USD", price="1", volume="0", time_ns=5)


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ("[]", "tick: is not an object"),
        ("{}", "p: is missing"),
        ('{"p":0}', "price: 0 is not from 1e-24 to 1e24"),
        ('{"p":1,"p":2}', "tick: is an object that has the key 'p' more than once"),
    ],
)
def test_a_bad_element_is_a_rejection_beside_its_neighbours(
    element: str, reason: str
) -> None:
    elements = loads(f'[{element},{{"p":1}}]')

    rejection, made = each(elements, parse)

    assert rejection == Rejection(reason, element)
    assert isinstance(made, Tick)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (IndexError(), "tick: has too few elements"),
        (RecursionError(), "tick: is nested too deep"),
    ],
)
def test_what_an_element_lacks_is_said(error: Exception, reason: str) -> None:
    rejection = one({"error": error}, refuse, raw="…")

    assert rejection == Rejection(reason, "…")


def test_an_element_may_be_a_list() -> None:
    assert one({}, refuse, kind=list) == Rejection("tick: is not a list", "{}")


def test_a_single_object_is_read_as_a_list_of_one() -> None:
    (made,) = each({"p": "1"}, parse)

    assert isinstance(made, Tick)
