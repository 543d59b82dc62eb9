"""The values are a function of the set of ticks, whatever way they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from services.price_enricher.windows import Point
from tests.unit.price_enricher.builders import point
from tests.unit.price_enricher.enrichers import Batch, Enrichers
from tests.unit.price_enricher.memory import MemoryTable, in_order

WINDOW = 4


@dataclass(frozen=True)
class Delivery:
    """Batches in their order of arrival, and the seed of what happens meanwhile."""

    batches: list[Batch]
    seed: int

    @property
    def points(self) -> list[Point]:
        return [p for batch in self.batches for p in batch]

    def enrich(
        self, *, guarded: bool = True, new: bool = False, in_order: bool = False
    ) -> MemoryTable:
        table, chance = MemoryTable(guarded, new), Random(self.seed)
        Enrichers(table, self.batches, WINDOW, chance, in_order=in_order).run()
        return table


def cut(numbers: list[int], sizes: list[int], seed: int) -> Delivery:
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    batches = [
        [point(n) for n in numbers[start : start + size]]
        for start, size in zip(starts, sizes, strict=True)
    ]
    return Delivery([batch for batch in batches if batch], seed)


deliveries = st.builds(
    cut,
    st.lists(st.integers(0, 60), min_size=20, max_size=40, unique=True),
    st.lists(st.integers(3, 12), min_size=14, max_size=14),
    st.integers(0, 2**32),
)


@pytest.fixture(scope="module", autouse=True)
def short_windows() -> Iterator[None]:
    """So that a few ticks fill them and push others out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.price_enricher.windows.SHORT", 2)
        patch.setattr("services.price_enricher.windows.LONG", 3)
        yield


@settings(max_examples=150)
@given(deliveries)
def test_any_order_batching_redelivery_and_interleaving_end_in_the_same_values(
    delivery: Delivery,
) -> None:
    table = delivery.enrich()

    assert table.values == in_order(delivery.points, WINDOW)


@settings(max_examples=150)
@given(deliveries)
def test_new_rows_that_wait_for_their_own_record_end_in_the_same_values(
    delivery: Delivery,
) -> None:
    table = delivery.enrich(new=True, in_order=True)

    assert table.values == in_order(delivery.points, WINDOW)


def test_without_the_guard_some_interleavings_end_in_other_values() -> None:
    def goes_wrong(delivery: Delivery) -> bool:
        values = delivery.enrich(guarded=False).values
        return values != in_order(delivery.points, WINDOW)

    found = find(
        deliveries,
        goes_wrong,
        settings=settings(
            max_examples=1500, phases=[Phase.generate], derandomize=True, database=None
        ),
    )

    assert found.enrich().values == in_order(found.points, WINDOW)
