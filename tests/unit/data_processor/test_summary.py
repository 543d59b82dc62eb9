from services.data_processor import summary
from tests.unit.data_processor.builders import KEY, SYMBOL, body, record, without

LATER = KEY.replace("123", "124", 1)


def test_a_batch_is_summarised_by_what_was_judged_and_what_failed() -> None:
    good, again = record(body()), record(body(timestamp=LATER, request_id="request-2"))

    (line,) = summary.lines([good, again], [again])

    assert line == {
        "received": 2,
        "judged": [{"symbol": SYMBOL, "count": 1, "first": KEY}],
        "failed": [{"symbol": SYMBOL, "count": 1, "first": LATER}],
        "request_ids": ["request-1", "request-2"],
    }


def test_a_message_without_a_request_names_none() -> None:
    (line,) = summary.lines([record(without("request_id"))], [])

    assert "request_ids" not in line


def test_an_invalid_message_is_only_counted() -> None:
    invalid = record("{")

    assert summary.lines([invalid], [invalid]) == [{"received": 1}]


def test_the_count_is_in_the_first_line_alone() -> None:
    records = [record(body(symbol=f"S{n:03}")) for n in range(21)]

    _, second = summary.lines(records, [])

    assert second.keys() == {"part", "judged", "request_ids"}
