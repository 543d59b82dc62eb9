from services.price_enricher import summary
from services.price_enricher.enrichment import Enriched
from services.price_enricher.history import Row
from services.price_enricher.stream_record import Insert, read_insert
from tests.unit.price_enricher.builders import (
    SYMBOL,
    enrichment,
    item,
    key,
    point,
    record,
)

VALUES = enrichment(window_n=2)


def inserts(*numbers: int) -> list[Insert]:
    return [read_insert(record(item(number))) for number in numbers]


def corrected(number: int) -> Enriched:
    """A row whose values were of an older view."""
    return Enriched(SYMBOL, Row(point(number), "1", key(0)), VALUES, inserted=False)


def same(number: int) -> Enriched:
    """A row whose values are of this view."""
    row = Row(point(number), str(VALUES.window_n), VALUES.window_from)
    return Enriched(SYMBOL, row, VALUES, inserted=False)


def test_a_batch_is_summarised_by_what_was_forwarded_and_what_failed() -> None:
    (line,) = summary.batch_lines(inserts(1, 2, 3), inserts(2))

    assert line == {
        "forwarded": [{"symbol": SYMBOL, "count": 2, "first": key(1), "last": key(3)}],
        "failed": [{"symbol": SYMBOL, "count": 1, "first": key(2)}],
        "request_ids": ["request-1", "request-2", "request-3"],
    }


def test_a_row_without_a_request_names_none() -> None:
    image = item(1, request_id={"NULL": True})

    (line,) = summary.batch_lines([read_insert(record(image))], [])

    assert "request_ids" not in line


def test_rows_are_one_span_only_while_no_other_row_lies_between_them() -> None:
    rows = [corrected(1), corrected(2), same(3), corrected(4)]

    (line,) = summary.corrected_lines(rows, unwritten=())

    assert line["corrected"] == [
        {"symbol": SYMBOL, "count": 2, "first": key(1), "last": key(2)},
        {"symbol": SYMBOL, "count": 1, "first": key(4)},
    ]


def test_rows_of_a_symbol_that_was_not_written_are_not_corrected() -> None:
    assert summary.corrected_lines([corrected(1)], unwritten={SYMBOL}) == []


def test_nothing_is_said_where_nothing_was_corrected() -> None:
    assert summary.corrected_lines([same(1)], unwritten=()) == []
