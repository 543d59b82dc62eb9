from typing import Any

import pytest

from tests.unit.tidemark.dashboard.builders import row
from tidemark.dashboard.watchlist import Behind, behind
from tidemark.stored.tables import Page


def stored(received_at: int, **columns: Any) -> dict[str, Any]:
    return row(received_at, received_at=received_at, **columns)


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([stored(9, enriched=True)], False, Behind()),
        ([stored(9), stored(8), stored(7, enriched=True)], True, Behind(2, 8)),
        ([stored(8), stored(9)], False, Behind(2, 8)),
        ([stored(9), stored(8)], True, Behind(2, 8, at_least=True)),
        (
            [stored(9, price="0"), stored(8), stored(7, enriched=True)],
            True,
            Behind(1, 8),
        ),
    ],
    ids=["none", "two", "all", "more than were read", "poison"],
)
def test_the_newest_rows_that_are_not_enriched_wait(
    rows: list[dict[str, Any]], more: bool, expected: Behind
) -> None:
    assert behind(Page(rows, more)) == expected
