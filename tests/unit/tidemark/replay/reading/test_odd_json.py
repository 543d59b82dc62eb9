"""JSON whose rows are within envelopes, tables by columns or several lists."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader
from tidemark.replay.reading import json_documents

TICKS = ["7 2024-01-01T00:00:00Z 1 - -", "8 2024-01-01T00:00:01Z 2 - -"]
ROWS = (
    '[{"time": 1704067200, "price": "7", "size": 1},'
    ' {"time": 1704067201, "price": "8", "size": 2}]'
)
ENVELOPES = {
    "the symbol beside the list": f'{{"symbol": "BTC-USD", "data": {ROWS}}}',
    "the symbol as the name of the list": f'{{"result": {{"XXBTZUSD": {ROWS}}}}}',
    "a symbol within a list": f'[{{"pair": "BTCUSD", "trades": {ROWS}}}]',
    "names apart from rows": (
        '{"symbol": "BTC-USD", "columns": ["time", "size", "price"],'
        ' "data": [[1704067200, 1, 7], [1704067201, 2, 8]]}'
    ),
    "a list with a telling name among others": (
        f'{{"symbol": "BTC-USD", "notes": [{{"a": 1}}], "trades": {ROWS}}}'
    ),
    "numbers as keys": (
        '{"0": {"symbol": "BTC-USD", "time": 1704067200, "price": 7, "size": 1},'
        ' "1": {"symbol": "BTC-USD", "time": 1704067201, "price": 8, "size": 2}}'
    ),
    "times as keys": (
        '{"2024-01-01T00:00:00Z": {"symbol": "BTC-USD", "price": 7, "size": 1},'
        ' "2024-01-01T00:00:01Z": {"symbol": "BTC-USD", "price": 8, "size": 2}}'
    ),
}


@pytest.mark.parametrize("case", ENVELOPES)
def test_an_envelope_says_what_its_rows_leave_out(reader: Reader, case: str) -> None:
    printed = reader("a.json", ENVELOPES[case])

    assert (printed.ticks, printed.status) == (TICKS, 0), printed.err
    assert set(printed.symbols) == {"BTC-USD"}


COLUMNS = {
    "lists": '{"time": [1704067200, 1704067201], "price": [7, 8], "size": [1, 2]}',
    "objects": (
        '{"time": {"0": 1704067200, "1": 1704067201}, "price": {"0": 7, "1": 8},'
        ' "size": {"0": 1, "1": 2}}'
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_table_by_columns_is_read(reader: Reader, case: str) -> None:
    assert reader("BTCUSD.json", COLUMNS[case]).ticks == TICKS


@pytest.mark.parametrize("longest", [60, json_documents.LONGEST])
def test_each_list_that_a_pair_names_is_read(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(json_documents, "LONGEST", longest)

    printed = reader("a.json", f'{{"BTCUSDT": {ROWS}, "ETHUSDT": {ROWS}}}')

    assert printed.ticks == TICKS + TICKS
    assert printed.symbols == ["BTC-USDT"] * 2 + ["ETH-USDT"] * 2


@pytest.mark.parametrize("longest", [60, json_documents.LONGEST])
def test_only_the_list_with_a_telling_name_is_read(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(json_documents, "LONGEST", longest)
    lists = "[[1704067200, 7], [1704067201, 8], [1704067202, 9]]"
    text = (
        f'{{"market": {{"a": [{lists}]}}, "market_caps": {lists}, "prices": {lists}}}'
    )

    printed = reader("BTC-USD.json", text, TIME="1", PRICE="2")

    assert [tick.split()[0] for tick in printed.ticks] == ["7", "8", "9"]


def test_a_name_that_only_later_rows_have_is_read(reader: Reader) -> None:
    early = "".join(f'{{"time": 1704067200, "price": {n}}}\n' for n in range(1, 100))

    printed = reader(
        "BTCUSD.jsonl", early + '{"time": 1704067200, "price": 500, "side": "sell"}\n'
    )

    assert printed.ticks[-1] == "500 2024-01-01T00:00:00Z - sell -"
    assert len(printed.ticks) == 100


REFUSED = {
    "an order book": ('{"bids": [["7", "1"]], "asks": [["8", "1"]]}', "(bids, asks)"),
    "objects that are no rows": (
        '{"bid": {"time": 1704067200, "price": 7},'
        ' "ask": {"time": 1704067200, "price": 8}}',
        "add PRICE=",
    ),
    "lists of several symbols": (
        '{"BTCUSD": [[1704067200, 7, 1]], "ETHUSD": [[1704067200, 7, 1]]}',
        "it has several symbols (BTCUSD, ETHUSD)",
    ),
    "a comma that may be either mark": (
        '[{"time": 1704067200, "price": "51,300"}]',
        "add DECIMAL=, or DECIMAL=.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_json_that_leaves_something_open_is_refused(reader: Reader, case: str) -> None:
    text, reason = REFUSED[case]

    printed = reader("BTCUSD.json", text)

    assert (printed.ticks, reason in printed.err) == ([], True), printed.err


def test_a_comma_within_json_may_prove_itself(reader: Reader) -> None:
    text = '[{"time": 1704067200, "price": "51300,25", "size": 0.5}]'

    assert reader("BTCUSD.json", text).ticks == [
        "51300.25 2024-01-01T00:00:00Z 0.5 - -"
    ]


def test_an_open_candle_of_okx_is_left_out(reader: Reader) -> None:
    rows = (
        '["1704070800000", "2", "3", "1", "2", "5", "10", "10", "0"],'
        '["1704067200000", "2", "3", "1", "2.5", "5", "11", "11", "1"]'
    )

    printed = reader("BTC-USDT.json", f'{{"code": "0", "data": [{rows}]}}')

    assert printed.ticks == ["2.5 2024-01-01T01:00:00Z 5 - -"]
    assert "the candle was still open" in printed.err
