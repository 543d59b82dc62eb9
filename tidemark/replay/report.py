"""The demo's report: counts, latencies, the last alerts and a chart."""

from dataclasses import dataclass
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from services.market.marks import Marks
from tidemark.replay import bitcoin, results
from tidemark.replay.results import Outcome
from tidemark.terminal import chart, row_tables

SHOWN_ALERTS = 8


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finished replay: its results, its number of requests, and its duration."""

    outcome: Outcome
    requests: int
    seconds: float


def report(replayed: Replayed, marks: Marks, *, width: int) -> RenderableType:
    """The whole report, to print."""
    outcome = replayed.outcome
    parts: list[RenderableType] = [Text("\n".join(_counts(replayed)))]
    if outcome.alerts:
        last = sorted(outcome.alerts.items(), key=lambda item: item[0][1])
        rows = [row for _, row in last[-SHOWN_ALERTS:]]
        parts += ["", "The last alerts:", "", row_tables.alerts(rows)]
    if outcome.ticks:
        parts += ["", _chart(outcome, marks, width=width)]
    return Group(*parts)


def missing(outcome: Outcome) -> list[str]:
    """A line for each kind of thing that did not arrive in time."""
    absent = len(outcome.expected.keys) - len(outcome.ticks)
    unenriched = len(outcome.ticks) - outcome.enriched
    unraised = len(set(outcome.due) - outcome.alerts.keys())
    counts = (
        (absent, "ticks are not stored: `make status` shows the dead-letter queues"),
        (unenriched, "stored ticks are not enriched"),
        (unraised, "alerts are missing"),
    )
    return [f"{count:,} {what}." for count, what in counts if count]


def shown_symbol(outcome: Outcome) -> str:
    """The symbol with most ticks, or one that was sent if nothing is stored."""
    sent = next(iter(outcome.expected.spans))
    return busiest(outcome) if outcome.ticks else sent


def next_steps(symbol: str, first_ms: int, command: str, *, builtin: bool) -> str:
    """Commands to look further with, and a note on the demo's own marks."""
    since = row_tables.time_of(first_ms)[:10]
    lines = [
        "",
        "Look further:",
        "",
        f"  {command} ticks {symbol} --since {since}",
        f"  {command} alerts {symbol}",
    ]
    if builtin:
        low, high = bitcoin.MARKS["low"], bitcoin.MARKS["high"]
        lines += [
            "",
            f"{symbol} has marks of its own ({low} and {high:,}) until the next",
            "`make up`, and so have the symbols of the venues' minute, unless you have",
            "given them any; every other symbol keeps yours. Until then, each tick",
            "beyond a mark raises an alert, not only the one that crosses it.",
        ]
    return "\n".join(lines)


def _counts(replayed: Replayed) -> list[str]:
    outcome = replayed.outcome
    expected = outcome.expected
    known = len(outcome.ticks) - len(outcome.new)
    equal = expected.sent - len(expected.keys)
    before = f", {known:,} of them before this replay" if known else ""
    twice = f", equal to another: {equal:,}" if equal else ""
    return [
        f"Sent      {expected.sent:,} ticks, requests: {replayed.requests:,}{twice}",
        f"Stored    {len(outcome.ticks):,} ticks{before}",
        f"Enriched  {outcome.enriched:,} ticks",
        f"Alerts    {len(outcome.alerts):,}",
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


def _chart(outcome: Outcome, marks: Marks, *, width: int) -> Text:
    symbol = busiest(outcome)
    band = marks.of(symbol)
    drawn = chart.draw(
        symbol,
        points(outcome, symbol),
        marks=[mark for mark in (band.low, band.high) if mark is not None],
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
