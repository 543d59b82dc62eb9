"""What trials of a rule found: tables and a chart for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from services.market.event_time import NS_PER_MS, iso
from services.market.money import plain
from services.rules.firing import Firing, Point
from services.rules.level import Level
from services.rules.rule import Rule
from tidemark.rules.rule_tables import rule_json
from tidemark.rules.trial import Trial
from tidemark.terminal import chart, row_tables
from tidemark.terminal.visible import visible

FIRINGS = ("time", "type", "symbol", "price", "mark", "held back")
COUNTS = ("symbol", "ticks", "fired", "held back")
WIDEST_CHART = 120


def firings(trials: Sequence[Trial]) -> Table:
    """A table of what would have fired, in order of time."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in FIRINGS:
        left = column in ("time", "type", "symbol")
        table.add_column(column, justify="left" if left else "right", no_wrap=True)
    every = ((f, trial.symbol) for trial in trials for f in trial.firings)
    for firing, symbol in sorted(every, key=lambda pair: pair[0].point.order):
        table.add_row(*map(Text, _firing_cells(firing, symbol)))
    return table


def counts(tried: Iterable[Trial]) -> Table:
    """A table of the counts of several symbols."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in COUNTS:
        table.add_column(column, justify="left" if column == "symbol" else "right")
    for each in tried:
        numbers = (each.ticks, each.fired, each.held_back)
        table.add_row(Text(visible(each.symbol)), *(f"{n:,}" for n in numbers))
    return table


def as_json(rule: Rule, tried: Iterable[Trial]) -> str:
    """A trial as one JSON object with all its firings."""
    symbols = [
        {
            "symbol": each.symbol,
            "ticks": str(each.ticks),
            "from": None if each.first_ms is None else iso(each.first_ms),
            "to": None if each.last_ms is None else iso(each.last_ms),
            "fired": str(each.fired),
            "held_back": str(each.held_back),
            "firings": [
                {"timestamp": firing.point.timestamp, **firing.values()}
                for firing in each.firings
            ],
        }
        for each in tried
    ]
    return json.dumps({"rule": rule_json(rule), "symbols": symbols}, indent=2)


def drawing(trial: Trial, *, width: int) -> Text:
    """A chart of the prices, with near marks and with what would have fired."""
    points = [*trial.sketch.points()]
    drawn = chart.draw(
        visible(trial.symbol),
        [*map(_drawn, points)],
        marks=_near(trial.rule, [point.price for point in points]),
        alerts=[*map(_drawn, trial.sketch.alerts())],
        width=min(width, WIDEST_CHART),
    )
    return Text(drawn.rstrip(), no_wrap=True)


def _near(rule: Rule, prices: Sequence[Decimal]) -> list[Decimal]:
    """The marks that leave at least a third of the chart to the prices."""
    lowest, highest = min(prices), max(prices)
    span = highest - lowest
    given = rule.condition
    marks = [mark.price for mark in given.marks()] if isinstance(given, Level) else []
    return [mark for mark in marks if lowest - span <= mark <= highest + span]


def _drawn(point: Point) -> tuple[int, Decimal]:
    return point.time_ns // NS_PER_MS, point.price


def _firing_cells(firing: Firing, symbol: str) -> tuple[str, ...]:
    threshold = plain(firing.threshold)
    if firing.move is not None:
        threshold = f"{threshold} % of {plain(firing.move.reference_price)}"
    return (
        row_tables.time_of(firing.point.time_ns // NS_PER_MS),
        firing.alert_type,
        visible(symbol),
        plain(firing.point.price),
        threshold,
        f"{firing.suppressed:,}",
    )
