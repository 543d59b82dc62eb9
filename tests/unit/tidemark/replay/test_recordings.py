import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tidemark.machine.errors import ToolError
from tidemark.replay import recordings
from tidemark.replay.recordings import BadLine, Defaults, Trade

LINE = '{"symbol": "btc", "price": 1.10, "timestamp": 1709294400123}'


def read(*lines: str, symbol: str | None = None) -> list[Trade | BadLine]:
    return [*recordings.read(lines, Defaults(symbol=symbol))]


def one(*lines: str, symbol: str | None = None) -> Trade:
    [trade] = read(*lines, symbol=symbol)
    assert isinstance(trade, Trade)
    return trade


def test_a_canonical_line_is_the_tick_that_the_pipeline_stores() -> None:
    trade = one(LINE)

    assert trade.tick.symbol == "BTC"
    assert trade.tick.price == Decimal("1.1")
    assert trade.tick.time_ns == 1_709_294_400_123_000_000
    assert trade.tick.exchange == "replay"


def test_numbers_are_sent_with_the_digits_they_were_written_with() -> None:
    assert '"price":1.10' in one(LINE).body


def test_a_line_may_hold_several_ticks() -> None:
    assert len(read(f"[{LINE}, {LINE}]", f'{{"prices": [{LINE}]}}')) == 3


def test_ticks_without_a_time_get_one_each() -> None:
    trades = read('{"symbol": "BTC", "price": 1}', '{"symbol": "BTC", "price": 1}')

    keys = {trade.tick.timestamp for trade in trades if isinstance(trade, Trade)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"symbol": "BTC", "price": -1}', "price: -1 is not from 1e-24"),
        ('{"symbol": "BTC", "price": 1, "trade_Id": 2}', "unknown field 'trade_Id'"),
        ('{"symbol": "BTC"', "is not JSON"),
        ("5", "tick: 5 is no object"),
        ('{"price": 1}', "SYMBOL=BTC-USD would"),
    ],
)
def test_a_bad_line_is_named_by_number_and_reason(line: str, reason: str) -> None:
    good, bad = read(LINE, line)

    assert isinstance(good, Trade)
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert reason in bad.reason


def test_csv_takes_its_symbol_from_the_defaults() -> None:
    assert one("price,time", "5,1709294400", symbol="BTC-USD").tick.symbol == "BTC-USD"


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("data/BTCUSDT-trades-2024-01.zip", "BTCUSDT"),
        ("XBTUSD.csv", "XBTUSD"),
        ("BTC-USD_2024.csv", "BTC-USD"),
        ("trades.csv", None),
    ],
)
def test_a_file_may_be_named_for_its_symbol(name: str, symbol: str | None) -> None:
    assert recordings.symbol_in(name) == symbol


def test_plain_gzipped_and_zipped_files_read_alike(tmp_path: Path) -> None:
    plain, zipped, gzipped = (tmp_path / name for name in ("a", "b", "c"))
    plain.write_text(f"\N{BYTE ORDER MARK}{LINE}\n", encoding="utf-8")
    gzipped.write_bytes(gzip.compress(LINE.encode()))
    with zipfile.ZipFile(zipped, "w") as bundle:
        bundle.writestr("trades.jsonl", LINE)

    texts = {text(path) for path in (plain, zipped, gzipped)}

    assert texts == {LINE}


def text(path: Path) -> str:
    with recordings.opened(str(path)) as lines:
        return lines.read().strip()


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(LINE))

    with recordings.opened("-") as lines:
        assert lines.read() == LINE


def test_a_missing_file_is_one_line() -> None:
    with pytest.raises(ToolError, match=r"There is no file absent\.csv"):
        recordings.opened("absent.csv").__enter__()
