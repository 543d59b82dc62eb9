from collections.abc import Iterable

import pytest

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading, Unrecognised, Venue, objects
from services.market.exact_json import Json
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.samples import read, sample

TICK = '{"symbol":"BTC","price":1}'


def exhaust_the_stack(message: Json, delivery: Delivery) -> Iterable[Reading]:
    if message == {"deep": True}:
        raise RecursionError
    raise Unrecognised


@pytest.fixture(autouse=True)
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    venue = Venue("shallow", exhaust_the_stack, objects(("deep",)))
    monkeypatch.setitem(registry.VENUES, "shallow", venue)


def test_a_message_that_exhausts_the_stack_is_rejected_and_its_neighbours_go_on() -> (
    None
):
    deep, tick = read("shallow", f'[{{"deep":true}},{TICK}]')

    assert deep == Rejection("body: is nested too deep", '{"deep":true}')
    assert isinstance(tick, Tick)


@pytest.mark.parametrize("exchange", ["shallow", "Shallow", "kraken"])
def test_every_venue_takes_the_canonical_form_too(exchange: str) -> None:
    alone, first, second = (
        *read(exchange, TICK),
        *read(exchange, f'{{"prices":[{TICK},{TICK}]}}'),
    )

    assert alone == first == second
    assert isinstance(alone, Tick)
    assert alone.exchange == exchange.lower()


def test_what_is_neither_of_the_venue_nor_canonical_is_refused_by_name() -> None:
    (rejection,) = read("shallow", '{"other":1,"symbol":"BTC"}')

    assert rejection == Rejection(
        "body: is no message of shallow that Tidemark reads",
        '{"other":1,"symbol":"BTC"}',
    )


@pytest.mark.parametrize("exchange", ["KRAKEN", "Kraken"])
def test_a_venue_is_found_in_any_case(exchange: str) -> None:
    message = sample("kraken", "trade")

    assert read(exchange, message) == read("kraken", message)


TWICE = '{"a":1,"a":2}'
TRADE = (
    '{"symbol":"BTC/USD","side":"buy","price":1,"qty":1,"trade_id":%d,'
    '"timestamp":"2024-05-01T12:00:00Z","fees":%s}'
)


def test_a_key_that_is_twice_where_no_parser_reads_is_a_rejection() -> None:
    good, bad = TRADE % (1, "{}"), TRADE % (2, TWICE)
    twice = "an object that has the key 'a' more than once"

    first, second = read("kraken", f'{{"channel":"trade","data":[{good},{bad}]}}')
    (book,) = read("kraken", f'{{"channel":"book","data":{TWICE}}}')

    assert isinstance(first, Tick)
    assert second == Rejection(f"tick: contains {twice}", bad)
    assert isinstance(book, Rejection)
    assert book.reason == f"body: contains {twice}"


def test_an_empty_list_holds_nothing() -> None:
    assert read("kraken", "[]") == []
