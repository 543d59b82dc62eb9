import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market import spans
from services.market.spans import MOST_REQUESTS, MOST_SPANS, Ref

WORDS = ["ERROR", "Error", "error", "exception", "Exception"]


def refs(*keys: int, symbol: str = "BTC", request_id: str = "") -> list[Ref]:
    return [Ref(symbol, str(key), request_id) for key in keys]


def test_the_ticks_of_a_symbol_are_one_span_in_the_order_of_their_keys() -> None:
    ticks = [*refs(900, 1000, 100), *refs(5, symbol="ETH")]

    (line,) = spans.lines({"stored": ticks, "duplicate": []})

    assert line == {
        "stored": [
            {"symbol": "BTC", "count": 3, "first": "100", "last": "1000"},
            {"symbol": "ETH", "count": 1, "first": "5"},
        ]
    }


def test_each_outcome_has_spans_of_its_own() -> None:
    (line,) = spans.lines({"stored": refs(1), "duplicate": refs(2)})

    assert line == {
        "stored": [{"symbol": "BTC", "count": 1, "first": "1"}],
        "duplicate": [{"symbol": "BTC", "count": 1, "first": "2"}],
    }


def test_each_run_has_a_span_of_its_own() -> None:
    (line,) = spans.lines({"corrected": [Ref("BTC", "1"), Ref("BTC", "9", run=1)]})

    assert [span["first"] for span in line["corrected"]] == ["1", "9"]


def test_requests_are_named_once_and_only_where_they_are_known() -> None:
    known = [*refs(1, 2, request_id="b"), *refs(3, request_id="a"), *refs(4)]

    (line,) = spans.lines({"judged": known})

    assert line["request_ids"] == ["a", "b"]


def test_without_ticks_there_is_one_line_without_fields() -> None:
    assert spans.lines({"stored": []}) == [{}]


def test_symbols_beyond_the_limit_are_in_further_lines() -> None:
    ticks = [Ref(f"S{n:03}", "1") for n in range(MOST_SPANS)]
    known, new = Ref(ticks[-1].symbol, "2"), Ref(f"S{MOST_SPANS:03}", "1")

    first, second = spans.lines({"stored": [*ticks, known, new]})

    assert len(first["stored"]) == MOST_SPANS
    assert first["stored"][-1]["count"] == 2
    assert "part" not in first
    assert second == {
        "part": 2,
        "stored": [{"symbol": f"S{MOST_SPANS:03}", "count": 1, "first": "1"}],
    }


def test_requests_beyond_the_limit_are_in_further_lines_with_their_ticks() -> None:
    ticks = [Ref("BTC", str(n), f"r{n:03}") for n in range(MOST_REQUESTS + 1)]

    first, second = spans.lines({"forwarded": ticks})

    assert len(first["request_ids"]) == MOST_REQUESTS
    assert first["forwarded"][0]["count"] == MOST_REQUESTS
    assert second["request_ids"] == [f"r{MOST_REQUESTS:03}"]
    assert second["forwarded"][0]["first"] == str(MOST_REQUESTS)


@given(
    st.lists(
        st.builds(
            Ref,
            st.sampled_from([f"S{n}" for n in range(30)]),
            st.integers(0, 99).map(str),
            st.sampled_from([f"r{n}" for n in range(150)]),
        ),
        max_size=300,
    )
)
def test_every_tick_is_in_a_span_of_a_line_that_names_its_request(
    ticks: list[Ref],
) -> None:
    lines = spans.lines({"judged": ticks})

    written = [(line, span) for line in lines for span in line.get("judged", [])]
    assert sum(span["count"] for _, span in written) == len(ticks)
    assert all(any(covers(*each, tick) for each in written) for tick in ticks)


def covers(line: spans.Fields, span: spans.Fields, tick: Ref) -> bool:
    first, last = span["first"], span.get("last") or span["first"]
    return (
        span["symbol"] == tick.symbol
        and int(first) <= int(tick.timestamp) <= int(last)
        and tick.request_id in line["request_ids"]
    )


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("symbol", [*WORDS, "TERROR-USDT", "100%45-USD"])
def test_no_symbol_makes_a_line_look_like_a_failure(symbol: str, word: str) -> None:
    (line,) = spans.lines({"stored": refs(1, symbol=symbol)})

    assert word not in json.dumps(line)
    assert spans.unmasked(line["stored"][0]["symbol"]) == symbol


@given(st.text())
def test_a_masked_symbol_is_read_as_it_was(symbol: str) -> None:
    assert spans.unmasked(spans.masked(symbol)) == symbol
