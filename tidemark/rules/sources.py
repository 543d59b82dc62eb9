"""Where the ticks to try a rule with come from: the table of prices, or files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from services.market.errors import InvalidValue
from services.market.money import parse_amount
from services.rules.change import Change
from services.rules.firing import Point
from services.rules.rule import Rule
from tidemark.machine.progress import Progress
from tidemark.replay import first_pass
from tidemark.replay.first_pass import FirstPass
from tidemark.replay.reading.ticks import Trade
from tidemark.rules.ticks import Ticks
from tidemark.stored import tables
from tidemark.stored.tables import LAST_MS, Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def add_files(
    ticks: Ticks, names: Sequence[str], settings: Mapping[str, str], progress: Progress
) -> FirstPass:
    """Add the ticks of files; return what else is in them. Raises `ToolError`."""

    def add(trade: Trade) -> None:
        ticks.add(trade.tick.symbol, trade.tick.timestamp, trade.tick.price)

    return first_pass.read(names, settings, progress, visit=add)


def add_stored(
    ticks: Ticks,
    dynamodb: "DynamoDBClient",
    table: str,
    symbol: str,
    *,
    rule: Rule,
    since_ms: int,
) -> None:
    """Add a symbol's stored ticks from a time on, and the earlier ones that the rule
    compares with.
    """
    start_ms = since_ms
    if isinstance(rule.condition, Change):
        start_ms = max(0, since_ms - rule.condition.window_s * 1000)
        before = tables.query(
            dynamodb, table, symbol, until_ms=start_ms, newest_first=True
        )
        _add(ticks, symbol, islice(_points(before), 1))
    rows = tables.query(dynamodb, table, symbol, since_ms=start_ms)
    _add(ticks, symbol, _points(rows))


def _add(ticks: Ticks, symbol: str, points: Iterable[Point]) -> None:
    for point in points:
        ticks.add(symbol, point.timestamp, point.price)


def _points(rows: Iterable[Item]) -> Iterator[Point]:
    """The ticks of the rows, without poison rows, which the functions skip, too."""
    for row in rows:
        key = row["timestamp"]
        if 0 <= key <= LAST_MS:
            with suppress(InvalidValue):
                price = parse_amount("price", row.get("price"))
                yield Point(f"{key:039.25f}", price)
