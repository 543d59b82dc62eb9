"""A trace as a tree for people: the request, then each tick with its hops."""

from collections import Counter

from rich.text import Text
from rich.tree import Tree

from services.market.counts import counted
from tidemark.terminal.row_tables import time_of
from tidemark.terminal.visible import visible
from tidemark.tracing import hop
from tidemark.tracing.hop import Hop
from tidemark.tracing.trace import TickTrace, Trace
from tidemark.tracing.wording import clock, describe, seconds

STYLES = {"done": "", "pending": "yellow", "failed": "red"}
MARKS = {"done": "✓", "pending": "…", "failed": "✗"}
NAME_WIDTH = 11


def draw(trace: Trace, *, most_ticks: int) -> Tree:
    """The whole request, with at most so many ticks of a symbol: those that are not
    done or raised an alert come first.
    """
    received = "" if trace.received_ms is None else f", {time_of(trace.received_ms)}"
    venue = f", {trace.exchange}" if trace.exchange else ""
    tree = Tree(Text(visible(f"request {trace.request_id}{venue}{received}"), "bold"))
    _add(tree, trace.hops, trace.received_ms)
    symbols: dict[str, list[TickTrace]] = {}
    for tick in trace.ticks:
        symbols.setdefault(tick.span.symbol, []).append(tick)
    for symbol, ticks in symbols.items():
        _add_symbol(tree, symbol, ticks, trace, most_ticks)
    return tree


def _add_symbol(
    tree: Tree, symbol: str, ticks: list[TickTrace], trace: Trace, most: int
) -> None:
    chosen = sorted(ticks, key=_is_plain)[:most]
    parent = tree
    if len(ticks) > 1:
        parent = tree.add(Text(visible(f"{symbol}: {_counts(ticks)}"), "bold"))
    for tick in sorted(chosen, key=lambda each: each.span.first):
        title = f"{symbol} {time_of(tick.span.first)}{_trade(tick)}"
        _add(parent.add(Text(visible(title), "bold")), tick.hops, trace.received_ms)
    if left := len(ticks) - len(chosen):
        parent.add(Text(f"{left:,} more: --ticks {len(ticks)} shows them", "dim"))


def _trade(tick: TickTrace) -> str:
    ids = [each.details["trade_id"] for each in tick.hops if "trade_id" in each.details]
    return f", trade {ids[0]}" if ids else ""


def _is_plain(tick: TickTrace) -> bool:
    return all(
        each.state == "done" and each.name not in (hop.ALERT, hop.CORRECTED)
        for each in tick.hops
    )


def _counts(ticks: list[TickTrace]) -> str:
    names: Counter[str] = Counter()
    for tick in ticks:
        done = {each.name for each in tick.hops if each.state != "pending"}
        names.update(name for name in hop.ORDER if name in done)
    return f"{counted(len(ticks), 'tick')}, " + ", ".join(
        f"{count:,} {name}" for name, count in names.items()
    )


def _add(tree: Tree, hops: list[Hop], received_ms: int | None) -> None:
    before = received_ms
    for each in hops:
        tree.add(Text(line(each, received_ms, before), STYLES[each.state]))
        before = before if each.time_ms is None else each.time_ms


def line(each: Hop, received_ms: int | None, before_ms: int | None) -> str:
    """`✓ judged 12:00:01.250 +1.250 s (0.310 s)  what else is known`"""
    first = f"{MARKS[each.state]} {each.name:{NAME_WIDTH}}"
    if each.waiting_ms is not None:
        return f"{first} pending for {seconds(each.waiting_ms)}"
    if each.time_ms is None:
        return f"{first} at an unknown time  {describe(each)}".rstrip()
    delays = ""
    if received_ms is not None and before_ms is not None and each.name != hop.RECEIVED:
        total, last = each.time_ms - received_ms, each.time_ms - before_ms
        delays = f" +{seconds(total)} ({seconds(last)})"
    return f"{first} {clock(each.time_ms)}{delays}  {describe(each)}".rstrip()
