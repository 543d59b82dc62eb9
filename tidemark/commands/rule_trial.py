"""Try a rule with stored ticks or with those of files, and show what it would do."""

import os
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass

from infra.settings import load_settings
from services.market.counts import counted
from services.rules.rule import ALL_SYMBOLS, Rule
from tidemark.commands.options import now_ms
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.replay.reading.settings import given
from tidemark.rules import sources, trial, trial_tables, words
from tidemark.rules.ticks import Ticks
from tidemark.rules.trial import Trial
from tidemark.stored import spans, tables
from tidemark.terminal import console, row_tables
from tidemark.terminal.visible import visible

SHOWN_FIRINGS = 20  # to people, unless they say how many
SHOWN_SYMBOLS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to try: a rule, whose ticks (empty: the rule's symbol), and which."""

    rule: Rule
    symbol: str
    since: str
    files: tuple[str, ...]
    limit: int | None


def show(wanted: Wanted, *, as_json: bool) -> None:
    """Try the rule and print what it would have done. Raises `ToolError`."""
    progress = console.progress()
    limit = wanted.limit if as_json else wanted.limit or SHOWN_FIRINGS
    with closing(Ticks()) as ticks:
        if wanted.files:
            since_ms = 0
            _add_files(ticks, wanted, progress)
        else:
            since_ms = spans.since(wanted.since, now_ms=now_ms())
            _add_stored(ticks, wanted, since_ms, progress)
        chosen = _chosen(wanted, ticks, since_ms)
        with progress.step(visible(f"Judging ticks of {_first_of(chosen)}")):
            tried = [
                trial.run(wanted.rule, ticks, symbol, since_ms=since_ms, limit=limit)
                for symbol in chosen
            ]
    if as_json:
        print(trial_tables.as_json(wanted.rule, tried))
    else:
        _print(wanted.rule, tried)


def _add_files(ticks: Ticks, wanted: Wanted, progress: Progress) -> None:
    found = sources.add_files(ticks, wanted.files, given(os.environ), progress)
    if found.unread:
        for problem in found.problems:
            progress.note(visible(f"Left out: {problem}"))
        progress.note(f"{counted(found.unread, 'line')} left out.")


def _add_stored(
    ticks: Ticks, wanted: Wanted, since_ms: int, progress: Progress
) -> None:
    environment = Environment(load_settings())
    dynamodb = environment.clients.dynamodb
    table = environment.settings.name("crypto-prices")
    symbol = wanted.symbol or wanted.rule.symbol
    symbols = [symbol]
    if symbol == ALL_SYMBOLS:
        symbols = sorted(tables.symbols(dynamodb, table))
    for name in symbols:
        with progress.step(visible(f"Reading ticks of {name} since {wanted.since}")):
            sources.add_stored(
                ticks, dynamodb, table, name, rule=wanted.rule, since_ms=since_ms
            )


def _chosen(wanted: Wanted, ticks: Ticks, since_ms: int) -> list[str]:
    """The symbols whose ticks are judged. Raises `ToolError` if there is no tick."""
    symbol = wanted.symbol or wanted.rule.symbol
    counts = ticks.counts(since_ms=since_ms)
    if symbol == ALL_SYMBOLS and counts:
        return sorted(counts)
    if symbol in counts:
        return [symbol]
    whose = "" if symbol == ALL_SYMBOLS else f" of {symbol}"
    if not wanted.files:
        problem = f"There is no stored tick{whose} since {wanted.since}."
        raise ToolError(visible(problem))
    raise ToolError(
        visible(
            f"There is no tick{whose} in {', '.join(wanted.files)}, but of "
            f"{_first_of(counts)}: name one after the rule, as in `rules test "
            "RULE.json SYMBOL --file …`."
        )
    )


def _print(rule: Rule, tried: Sequence[Trial]) -> None:
    console.out.print(words.sentence(rule), soft_wrap=True, markup=False)
    for line in _totals(tried):
        console.out.print(line, soft_wrap=True, markup=False)
    if len(tried) > 1:
        console.out.print()
        console.print_table(trial_tables.counts(tried))
    if any(each.firings for each in tried):
        console.out.print()
        console.print_table(trial_tables.firings(tried))
    drawn = max(tried, key=lambda each: (each.fired, each.ticks))
    console.out.print()
    console.out.print(trial_tables.drawing(drawn, width=console.out.width))


def _totals(tried: Sequence[Trial]) -> list[str]:
    ticks = sum(each.ticks for each in tried)
    fired = sum(each.fired for each in tried)
    held_back = sum(each.held_back for each in tried)
    shown = sum(len(each.firings) for each in tried)
    first = min(each.first_ms for each in tried if each.first_ms is not None)
    last = max(each.last_ms for each in tried if each.last_ms is not None)
    span = f"{row_tables.time_of(first)} to {row_tables.time_of(last)}"
    last_ones = f"; the last {shown:,}:" if shown < fired else ""
    symbols = counted(len(tried), "symbol") if len(tried) > 1 else tried[0].symbol
    return [
        visible(f"{counted(ticks, 'tick')} of {symbols}, {span}"),
        f"Would have raised {counted(fired, 'alert')}, "
        f"held back on {counted(held_back, 'tick')}{last_ones}",
    ]


def _first_of(symbols: Collection[str]) -> str:
    shown = [*symbols][:SHOWN_SYMBOLS]
    more = len(symbols) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
