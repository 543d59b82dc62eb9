"""How many requests an enrichment takes: as many as it has clusters of inserts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.price_enricher.enrichment import enrich
from services.price_enricher.history import History
from tests.unit.price_enricher.builders import SYMBOL, item, key, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW = 50
BACK_AND_FORTH = [False, True]


@pytest.fixture
def history(dynamodb: DynamoDBClient, table: str) -> History:
    put(dynamodb, table, [item(n) for n in range(400)])
    return History(dynamodb, table)


def enriched(history: History, *numbers: int) -> int:
    """How many rows an enrichment of these inserts comes to."""
    return len([*enrich(history, SYMBOL, [key(n) for n in numbers], WINDOW)])


def directions(asked: list[dict[str, Any]]) -> list[bool]:
    return [query["ScanIndexForward"] for query in asked]


@pytest.mark.parametrize(
    ("numbers", "rows"),
    [
        ([399], 1),  # the newest
        ([200], 50),  # late
        ([0], 50),
        ([200, 201, 202], 52),
        ([200, 249], 99),  # the last that the first affects
        ([100, 140, 180], 130),
        ([100, 101, 130, 179], 129),
    ],
)
def test_a_cluster_is_one_query_back_and_one_forth(
    history: History, asked: list[dict[str, Any]], numbers: list[int], rows: int
) -> None:
    assert enriched(history, *numbers) == rows

    assert directions(asked) == BACK_AND_FORTH


@pytest.mark.parametrize("numbers", [[0, 399], [0, 50], [300, 20]])
def test_inserts_whose_windows_do_not_overlap_are_clusters_whatever_their_distance(
    history: History, asked: list[dict[str, Any]], numbers: list[int]
) -> None:
    enriched(history, *numbers)

    assert directions(asked) == BACK_AND_FORTH * 2


def test_many_inserts_in_a_row_are_one_cluster(
    history: History, asked: list[dict[str, Any]]
) -> None:
    assert enriched(history, *range(400)) == 400

    assert directions(asked) == BACK_AND_FORTH


@pytest.mark.parametrize(
    ("numbers", "limits"),
    [
        ([300], [49, 50]),
        ([10, 300], [49, 100, 49, 50]),
        (range(100, 300), [49, 400]),
    ],
)
def test_a_query_reads_about_as_much_as_the_inserts_can_affect(
    history: History,
    asked: list[dict[str, Any]],
    numbers: list[int],
    limits: list[int],
) -> None:
    enriched(history, *numbers)

    assert [query["Limit"] for query in asked] == limits
