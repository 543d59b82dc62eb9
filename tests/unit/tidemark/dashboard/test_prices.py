from decimal import Decimal

import pytest

from tests.unit.tidemark.dashboard.builders import Table, row
from tidemark.dashboard import prices
from tidemark.dashboard.prices import PriceWatch, Update

NOW = 1_700_000_000_000
SECOND = 1000


def polled(watch: PriceWatch) -> Update:
    update = watch.poll()
    assert update
    return update


def complete(table: Table, range_name: str = "5m") -> PriceWatch:
    """A watch that has read its whole range."""
    watch = PriceWatch(table.page, range_name)
    for _ in table.rows:
        watch.poll()
    assert watch.complete
    return watch


def test_a_symbol_without_rows_is_empty_until_its_first_tick() -> None:
    table = Table()
    watch = PriceWatch(table.page, "5m")

    empty = polled(watch)
    nothing = watch.poll()
    table.rows.append(row(NOW))
    first = polled(watch)

    assert (empty.reset, empty.candles, empty.last) == (True, [], None)
    assert nothing is None
    assert (first.reset, len(first.candles)) == (True, 1)


def test_the_newest_rows_come_first_and_older_ones_until_the_range_is_complete() -> (
    None
):
    table = Table(
        *(row(NOW + n * 20 * SECOND, str(n + 1)) for n in range(8)), per_page=3
    )
    watch = PriceWatch(table.page, "5m")

    first, second, third = (polled(watch) for _ in range(3))

    assert (first.reset, first.ticks, first.complete) == (True, 3, False)
    assert (second.reset, second.ticks, second.complete) == (False, 6, False)
    assert (third.reset, third.ticks, third.complete) == (True, 8, True)


def test_a_range_ends_at_the_newest_tick() -> None:
    old = row(NOW - 301 * SECOND)
    watch = complete(Table(old, row(NOW - 200 * SECOND), row(NOW)))

    assert len(watch.candles) == 2


def test_a_new_tick_updates_its_candle_only() -> None:
    table = Table(row(NOW, "1"), row(NOW + SECOND, "2"))
    watch = complete(table)

    table.rows.append(row(NOW + SECOND, "3", trade=1))
    update = polled(watch)

    [candle] = update.candles
    assert (update.reset, update.late, candle[0]) == (False, [], NOW // 1000 + 1)
    assert candle[1:5] == [2, 3, 2, 3]
    assert update.last and update.last["price"] == "3"


@pytest.mark.parametrize("age_s", [5, 200])
def test_a_late_tick_corrects_the_past(age_s: int) -> None:
    table = Table(*(row(NOW - n * SECOND, "5") for n in range(0, 250, 50)))
    watch = complete(table)

    table.rows.append(row(NOW - age_s * SECOND, "9", trade=1))
    updates = [update for _ in range(4) if (update := watch.poll())]

    [update] = updates
    assert update.late == [NOW // 1000 - age_s]


def test_late_enrichment_is_no_late_tick() -> None:
    table = Table(*(row(NOW - n * SECOND) for n in range(0, 250, 50)))
    watch = complete(table)

    table.rows[-1] |= {"ma_10": Decimal(100)}
    [update] = [update for _ in range(4) if (update := watch.poll())]

    assert (update.late, update.candles[0][7]) == ([], 100)


def test_a_deleted_row_disappears() -> None:
    table = Table(*(row(NOW - n * SECOND) for n in range(0, 250, 50)))
    watch = complete(table)

    gone = table.rows.pop(2)
    [update] = [update for _ in range(4) if (update := watch.poll())]

    assert (update.gone, update.candles) == ([int(gone["timestamp"]) // 1000], [])


def test_a_part_of_the_range_is_read_again_only_so_often() -> None:
    table = Table(*(row(NOW - n * SECOND) for n in range(0, 250, 50)))
    watch = complete(table)
    watch.sweep_every = 1000
    before = table.requests

    watch.poll()

    assert table.requests == before + 1


def test_the_interval_of_all_ticks_follows_their_span() -> None:
    year = 365 * 86_400 * SECOND
    table = Table(*(row(NOW - n * year) for n in range(3)), per_page=1)
    watch = PriceWatch(table.page, "all")

    updates = [polled(watch) for _ in range(3)]

    assert updates[0].interval_ms == SECOND
    assert updates[-1].reset
    assert updates[-1].interval_ms == 7 * 86_400 * SECOND


def test_more_ticks_than_can_be_kept_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "MOST_TICKS", 4)
    table = Table(*(row(NOW - n * SECOND) for n in range(10)))

    update = [PriceWatch(table.page, "5m")]
    found = [polled(update[0]) for _ in range(2)][-1]

    assert (found.complete, found.cut, found.ticks) == (True, True, 4)
