from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from services.price_enricher.enrichment import Enriched, enrich
from services.price_enricher.windows import Point
from tests.unit.price_enricher.builders import SYMBOL, key, point
from tests.unit.price_enricher.memory import MemoryTable, Stored, in_order

WINDOW = 20


def enrich_numbers(table: Any, *numbers: int, window: int = WINDOW) -> list[Enriched]:
    return list(enrich(table, SYMBOL, [key(n) for n in numbers], window))


def holding(points: Iterable[Point]) -> MemoryTable:
    table = MemoryTable()
    table.insert(*points)
    return table


def timestamps(entries: Iterable[Enriched]) -> list[str]:
    return [entry.row.point.timestamp for entry in entries]


def keys(*ranges: range) -> list[str]:
    return [key(n) for numbers in ranges for n in numbers]


def values(entries: Iterable[Enriched]) -> Stored:
    return {entry.row.point.timestamp: entry.values for entry in entries}


def write(table: MemoryTable, entries: Iterable[Enriched]) -> None:
    for entry in entries:
        table.write(entry)


def test_the_newest_tick_is_enriched_alone() -> None:
    points = [point(n) for n in range(100)]

    (entry,) = enrich_numbers(holding(points), 99)

    assert entry.inserted
    assert entry.values == in_order(points, WINDOW)[key(99)]


@pytest.mark.parametrize("window", [1, 20, 21, 50])
def test_a_late_tick_corrects_the_later_ticks_whose_windows_it_enters(
    window: int,
) -> None:
    points = [point(n) for n in range(200)]
    table = holding(points)

    late, *later = enrich_numbers(table, 60, window=window)

    longest = max(20, window)
    assert timestamps([late, *later]) == keys(range(60, 60 + longest))
    assert late.inserted
    assert not any(entry.inserted for entry in later)
    assert values([late, *later]).items() <= in_order(points, window).items()


def test_no_tick_sees_a_later_one() -> None:
    points = [point(n) for n in range(30)]

    entries = enrich_numbers(holding(points), *range(30))

    first, second, third = entries[:3]
    assert first.values.ma_10 == 1
    assert second.values.ma_10 == Decimal("1.5")
    assert third.values.ma_10 == 2
    assert values(entries) == in_order(points, WINDOW)


def test_inserts_near_each_other_are_one_walk_and_each_row_comes_once() -> None:
    table = holding(point(n) for n in range(100))

    entries = enrich_numbers(table, 45, 30, 31)

    assert timestamps(entries) == keys(range(30, 65))
    assert [e.row.point.timestamp for e in entries if e.inserted] == [
        key(30),
        key(31),
        key(45),
    ]
    assert table.reads == 2


def test_inserts_far_apart_leave_out_what_is_between() -> None:
    points = [point(n) for n in range(200)]
    table = holding(points)

    entries = enrich_numbers(table, 150, 10)

    assert timestamps(entries) == keys(range(10, 30), range(150, 170))
    assert values(entries).items() <= in_order(points, WINDOW).items()
    assert table.reads == 4


def test_a_new_row_is_written_with_its_own_insert_only() -> None:
    table = MemoryTable(new=True)
    table.insert(point(1), point(2), point(3))

    earlier = enrich_numbers(table, 1)
    own = enrich_numbers(table, 3)

    assert [entry.due for entry in earlier] == [True, False, False]
    assert [entry.due for entry in own] == [True]


def test_inserts_a_window_apart_have_all_rows_between_corrected() -> None:
    table = holding(point(n) for n in range(100))

    entries = enrich_numbers(table, 10, 30)

    assert timestamps(entries) == keys(range(10, 50))


def test_an_insert_that_comes_twice_is_enriched_once() -> None:
    table = holding([point(0), point(1)])

    entries = list(enrich(table, SYMBOL, [key(1), f"{key(1)}.000"], WINDOW))  # type: ignore[arg-type]

    assert timestamps(entries) == [key(1)]


@pytest.mark.parametrize(
    ("deleted", "left"),
    [
        ([10], keys(range(150, 170))),
        ([150], keys(range(10, 30))),
        ([10, 150], []),
        ([10, 11, 12], keys(range(150, 170))),
    ],
)
def test_rows_deleted_since_are_left_out(deleted: list[int], left: list[str]) -> None:
    table = holding(point(n) for n in range(200))
    table.delete(*[point(n) for n in deleted])

    entries = enrich_numbers(table, 10, 150)

    assert timestamps(entries) == left


def test_a_row_deleted_since_does_not_hide_a_neighbour_that_is_there() -> None:
    table = holding(point(n) for n in range(10))
    table.delete(point(3), point(5), point(9))

    entries = enrich_numbers(table, 3, 4, 5, 9)

    assert timestamps(entries) == keys(range(4, 5), range(6, 9))
    assert [entry.inserted for entry in entries] == [True, False, False, False]


def test_nothing_is_left_of_a_table_that_is_empty() -> None:
    assert enrich_numbers(MemoryTable(), 1, 2) == []


def test_a_row_is_changed_until_it_is_written_and_again_when_its_view_is() -> None:
    table = holding([point(2), point(4)])
    before = enrich_numbers(table, 2, 4)

    write(table, before)
    written = enrich_numbers(table, 2, 4)
    table.insert(point(3))
    corrected = enrich_numbers(table, 2, 3, 4)

    assert [entry.changed for entry in before] == [True, True]
    assert [entry.changed for entry in written] == [False, False]
    assert [entry.changed for entry in corrected] == [False, True, True]


def test_a_view_of_as_many_ticks_from_a_later_one_is_another() -> None:
    table = holding(point(n) for n in range(0, 42, 2))
    write(table, enrich_numbers(table, *range(0, 42, 2)))

    table.insert(point(39))
    *_, last = enrich_numbers(table, 39)

    assert last.values.window_n == WINDOW
    assert last.changed


def test_a_stale_view_loses_against_a_newer_one() -> None:
    table = holding([point(2)])
    stale = enrich_numbers(table, 2)
    table.insert(point(1))
    newer = enrich_numbers(table, 1)

    write(table, newer)
    write(table, stale)

    assert table.values == in_order([point(1), point(2)], WINDOW)
