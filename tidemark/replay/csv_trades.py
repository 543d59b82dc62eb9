"""Trade files as exchanges and archives write them → the webhook's canonical fields.

Columns are known by their names, in any case and style: tardis, Coinbase, Kaggle's
candles (the close is the price) and the like. Without a header: Kraken's
`time,price,volume` and Binance's archives, whose `is_buyer_maker` gives the rest away.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidemark.machine.errors import ToolError

NAMES: dict[str, tuple[str, ...]] = {
    "symbol": (
        *("symbol", "pair", "product_id", "product", "instrument_name", "instrument"),
        *("currency_pair", "market", "ticker", "s"),
    ),
    "price": ("price", "trade_price", "last_price", "close", "last", "rate", "p"),
    "timestamp": (
        *("timestamp", "transact_time", "trade_time", "unix_timestamp", "unix"),
        *("datetime", "time", "date", "created_at", "executed_at", "ts", "t"),
    ),
    "volume": ("volume", "amount", "size", "qty", "quantity", "vol", "q"),
    "side": ("side", "taker_side", "direction", "type"),
    "trade_id": ("trade_id", "id", "tid", "agg_trade_id", "a"),
    "exchange": ("exchange", "venue"),
    "maker": ("is_buyer_maker", "buyer_maker", "m"),
}
SIDES = {"buy": "buy", "b": "buy", "bid": "buy", "sell": "sell", "s": "sell"}
SIDES |= {"ask": "sell", "a": "sell"}
FLAGS = {"true": "sell", "false": "buy"}  # whether the buyer was the maker

type Fields = dict[str, str]
type Columns = Mapping[str, int]


class UnknownColumns(ToolError):
    """A file whose columns say neither price nor anything we know."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds which field."""

    columns: Columns
    clock: int | None = None
    has_header: bool = True

    def fields(self, row: Sequence[str]) -> Fields:
        """A row's canonical fields; cells that are empty or missing are left out."""
        cells = {
            name: row[index].strip()
            for name, index in self.columns.items()
            if index < len(row)
        }
        if self.clock is not None and self.clock < len(row):
            cells["timestamp"] += f" {row[self.clock].strip()}"
        cells["timestamp"] = _time(cells.get("timestamp", ""))
        maker = FLAGS.get(cells.pop("maker", "").lower(), "")
        cells["side"] = SIDES.get(cells.get("side", "").lower(), maker)
        return {name: cell for name, cell in cells.items() if cell}


def read(lines: Iterable[str]) -> Iterator[tuple[int, Fields]]:
    """Each row's line number and canonical fields; raises UnknownColumns."""
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    layout: Layout | None = None
    delimiter = ","
    for number, line in numbered:
        if layout is None:
            delimiter = _delimiter(line)
            cells = next(csv.reader([line], delimiter=delimiter))
            layout = _layout(cells)
            if layout is None and len(cells) == 1 and number == 1:
                continue  # some archives put their address above the header
            if layout is None:
                raise UnknownColumns(f"No price among its columns: {line.strip():.200}")
            if layout.has_header:
                continue
        yield number, layout.fields(next(csv.reader([line], delimiter=delimiter)))


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _layout(cells: Sequence[str]) -> Layout | None:
    names = [_snake(cell) for cell in cells]
    columns = {
        field: names.index(name)
        for field, known in NAMES.items()
        if (name := next((name for name in known if name in names), None))
    }
    if "volume" not in columns and (found := _starting(names, "volume_")) is not None:
        columns["volume"] = found
    if "price" not in columns:
        return _headerless(cells)
    if names[columns.get("timestamp", 0)] == "time" and "date" in names:
        return Layout(columns | {"timestamp": names.index("date")}, names.index("time"))
    return Layout(columns)


def _starting(names: Sequence[str], prefix: str) -> int | None:
    hits = (index for index, name in enumerate(names) if name.startswith(prefix))
    return next(hits, None)


def _headerless(cells: Sequence[str]) -> Layout | None:
    if len(cells) < 3 or not all(_is_number(cell) for cell in cells[:3]):
        return None
    flags = [index for index, cell in enumerate(cells) if cell.lower() in FLAGS]
    if flags:
        ids = {"trade_id": 0, "price": 1, "volume": 2}
        return Layout(
            {**ids, "timestamp": flags[0] - 1, "maker": flags[0]}, None, False
        )
    return Layout({"timestamp": 0, "price": 1, "volume": 2}, None, False)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?([eE][-+]?\d+)?", cell.strip()) is not None


def _snake(cell: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cell.strip("\ufeff \"'"))
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def _time(text: str) -> str:
    dashed = re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text)
    return dashed.removesuffix(" UTC").strip()
