from decimal import Decimal

import pytest

from tests.unit.tidemark.dashboard.builders import row, tick
from tidemark.dashboard.candles import Candles
from tidemark.dashboard.ranges import interval_ms
from tidemark.dashboard.ticks import read_tick

TICKS = [
    tick(10_000, "3", volume=Decimal("0.5")),
    tick(10_400, "5", volume=Decimal("0.25"), ma_10=Decimal(4), ma_20=Decimal(4)),
    tick(10_900, "1"),
    tick(11_000, "2"),
]


@pytest.mark.parametrize("order", [1, -1])
def test_a_candle_has_the_prices_of_its_interval_in_any_order_of_arrival(
    order: int,
) -> None:
    candles = Candles(1000)

    for each in TICKS[::order]:
        candles.put([each])

    first, second = candles.all()
    assert (first.time, first.open, first.high, first.low, first.close) == (
        *(10, 3, 5, 1, 1),
    )
    assert (first.volume, first.ticks) == (0.75, 3)
    assert (second.time, second.open, second.close, second.ticks) == (11, 2, 2, 1)


def test_a_candle_has_the_averages_of_its_last_enriched_tick() -> None:
    candles = Candles(1000)

    candles.put(TICKS)

    first, second = candles.all()
    assert (first.ma_10, first.ma_20, first.volatility) == (4, 4, None)
    assert second.ma_10 is None


def test_only_what_is_new_changes_a_candle() -> None:
    candles = Candles(1000)
    candles.put(TICKS)

    again = candles.put(TICKS)
    enriched = candles.put([tick(11_000, "2", ma_10=Decimal(3))])

    assert again.changed == set()
    assert (enriched.changed, enriched.late) == ({11_000}, set())


def test_a_tick_of_an_earlier_interval_is_late() -> None:
    candles = Candles(1000)
    candles.put(TICKS)

    changes = candles.put([tick(10_100, "9"), tick(11_100, "2")])

    assert (changes.changed, changes.late) == ({10_000, 11_000}, {10_000})
    assert candles.all()[0].high == 9


def test_rows_that_are_gone_are_forgotten_in_the_part_that_was_read() -> None:
    candles = Candles(1000)
    candles.put(TICKS)

    changed = candles.keep_only({TICKS[0].key}, Decimal(10_000), Decimal(10_500))

    assert changed == {10_000}
    assert {each.key for each in candles.ticks()} == {
        TICKS[0].key,
        TICKS[2].key,
        TICKS[3].key,
    }


def test_the_newest_tick_is_another_one_when_its_row_is_gone() -> None:
    candles = Candles(1000)
    candles.put(TICKS)

    candles.keep_only(set(), Decimal(11_000), Decimal(12_000))

    assert candles.newest == TICKS[2]
    assert candles.candle(11_000) is None


def test_old_intervals_are_forgotten_by_time_and_by_number() -> None:
    candles = Candles(1000)
    candles.put(TICKS)

    cut = candles.forget_oldest(2)
    left = len(candles)
    candles.forget_before(13_000)

    assert (cut, left, len(candles)) == (True, 1, 0)


def test_the_newest_interval_is_kept_whatever_its_size() -> None:
    candles = Candles(60_000)
    candles.put(TICKS)

    assert candles.forget_oldest(2) is False
    assert len(candles) == 4


@pytest.mark.parametrize(
    ("span_ms", "interval"),
    [(0, 1000), (400_000, 1000), (400_001, 5000), (86_400_000, 300_000)],
)
def test_the_interval_is_the_shortest_that_gives_few_candles(
    span_ms: int, interval: int
) -> None:
    assert interval_ms(span_ms) == interval


def test_a_span_of_centuries_has_months() -> None:
    assert interval_ms(10**13) == 30 * 86_400_000


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal("1e25"), "100 USD"])
def test_a_poison_row_is_no_tick(price: object) -> None:
    assert read_tick({**row(1), "price": price}) is None


def test_a_price_is_printed_with_all_its_digits() -> None:
    assert tick(1, "0.1000000000000000000001").price_text == "0.1000000000000000000001"
