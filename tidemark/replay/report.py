"""The demo's report: counts, latencies, the last alerts and a chart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from services.market.counts import counted
from services.rules.level import Level
from services.rules.rule import Rule
from tidemark.replay import results
from tidemark.replay.results import Outcome, RulesOf
from tidemark.terminal import chart, row_tables

SHOWN_ALERTS = 8
WHERE = "`make status` shows the dead-letter queues"
LATE = "they came after newer ones, so only rules of mode every judged them"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finished replay: its results, its number of requests, and its duration. `late`
    ticks came after newer ones: rules with a state do not judge them.
    """

    outcome: Outcome
    requests: int
    seconds: float
    late: int = 0


def report(replayed: Replayed, rules_of: RulesOf, *, width: int) -> RenderableType:
    """The whole report, to print."""
    outcome = replayed.outcome
    parts: list[RenderableType] = [Text("\n".join(_counts(replayed)))]
    if outcome.alerts:
        last = sorted(outcome.alerts.items(), key=lambda item: item[0][1])
        rows = [row for _, row in last[-SHOWN_ALERTS:]]
        parts += ["", "The last alerts:", "", row_tables.alerts(rows)]
    if outcome.ticks:
        parts += ["", _chart(outcome, rules_of, width=width)]
    return Group(*parts)


def missing(outcome: Outcome) -> list[str]:
    """A line for each kind of thing that did not arrive in time."""
    absent = len(outcome.expected.keys) - len(outcome.ticks)
    unenriched = len(outcome.ticks) - outcome.enriched
    unraised = len(set(outcome.due) - outcome.alerts.keys())
    counts = (
        (absent, "tick is", "ticks are", f"not stored: {WHERE}"),
        (unenriched, "stored tick is", "stored ticks are", "not enriched"),
        (unraised, "alert is", "alerts are", "missing"),
    )
    return [
        f"{counted(count, one, several)} {what}."
        for count, one, several, what in counts
        if count
    ]


def shown_symbol(outcome: Outcome) -> str:
    """The symbol with most ticks, or one that was sent if nothing is stored."""
    sent = next(iter(outcome.expected.spans))
    return busiest(outcome) if outcome.ticks else sent


def next_steps(symbol: str, first_ms: int, command: str) -> str:
    """Commands to look further with."""
    since = row_tables.time_of(first_ms)[:10]
    return "\n".join(
        [
            "",
            "Look further:",
            "",
            f"  {command} ticks {symbol} --since {since}",
            f"  {command} alerts {symbol}",
            f"  {command} rules list {symbol}",
        ]
    )


def marks(rules: Iterable[Rule]) -> list[Decimal]:
    """The marks of the level rules."""
    levels = [rule.condition for rule in rules if isinstance(rule.condition, Level)]
    return sorted({mark.price for level in levels for mark in level.marks()})


def _counts(replayed: Replayed) -> list[str]:
    outcome = replayed.outcome
    expected = outcome.expected
    known = len(outcome.ticks) - len(outcome.new)
    equal = expected.sent - len(expected.keys)
    before = f", {known:,} of them before this replay" if known else ""
    twice = f", equal to another: {equal:,}" if equal else ""
    late = f"Late      {counted(replayed.late, 'tick')}: {LATE}"
    return [
        f"Sent      {counted(expected.sent, 'tick')} in "
        f"{counted(replayed.requests, 'request')}{twice}",
        f"Stored    {counted(len(outcome.ticks), 'tick')}{before}",
        f"Enriched  {counted(outcome.enriched, 'tick')}",
        f"Alerts    {len(outcome.alerts):,}",
        *([late] if replayed.late else []),
        f"Time      {replayed.seconds:.1f} s from the first request to the last alert",
        f"Latency   {_latency(outcome)}",
    ]


def _latency(outcome: Outcome) -> str:
    if not outcome.new:
        return "not measured: every tick was there before"
    latencies = outcome.latencies_ms()
    measured = results.summary(latencies)
    if measured is None:
        return "not measured: there is no new alert"
    middle, high = (ms / 1000 for ms in measured)
    return (
        f"webhook to alert: median {middle:.1f} s, 95th percentile {high:.1f} s, of "
        f"{len(latencies):,}"
    )


def _chart(outcome: Outcome, rules_of: RulesOf, *, width: int) -> Text:
    symbol = busiest(outcome)
    drawn = chart.draw(
        symbol,
        points(outcome, symbol),
        marks=marks(rules_of(symbol)),
        width=min(width, 120),
    )
    return Text(drawn.rstrip(), no_wrap=True)


def busiest(outcome: Outcome) -> str:
    """The symbol with most ticks."""
    symbols = [symbol for symbol, _ in outcome.ticks]
    return max(set(symbols), key=symbols.count)


def points(outcome: Outcome, symbol: str) -> list[tuple[int, Decimal]]:
    """A symbol's times in ms and prices, in order."""
    return sorted(
        (int(timestamp), row["price"])
        for (name, timestamp), row in outcome.ticks.items()
        if name == symbol
    )
