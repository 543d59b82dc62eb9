"""One load through one system, until nothing of it is under way."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean

from benchmarks import traffic
from benchmarks.activity import Activity, Batches
from benchmarks.expected import Row, Verdict, verdict
from benchmarks.load import Load, SentTick, by_symbol, make_ticks, send_all
from benchmarks.system import System
from benchmarks.traffic import Call, Consumed, Rows, consumed
from tidemark.accounting.units import item_bytes, write_units

LONGEST_S = 900


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a function takes: for each invocation, and for each tick in it."""

    invocations: int
    base_s: float
    per_tick_s: float


def duration(batches: Batches) -> Duration:
    """Return the line through the invocations' durations that errs least."""
    ticks, seconds = zip(*batches, strict=True)
    if len(set(ticks)) == 1:
        return Duration(len(batches), mean(seconds), 0)
    slope, base = linear_regression(ticks, seconds)
    if slope < 0:
        return Duration(len(batches), mean(seconds), 0)
    if base < 0:
        return Duration(len(batches), 0, sum(seconds) / sum(ticks))
    return Duration(len(batches), base, slope)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one load. `seconds` is the time until all had settled."""

    load: Load
    sent_s: float
    seconds: float
    invocations: int
    gb_seconds: float
    log_bytes: int
    verdict: Verdict
    consumed: Consumed
    row_bytes: float
    durations: dict[str, Duration]

    @property
    def kept_per_s(self) -> float:
        return (self.verdict.stored - self.verdict.doubled) / self.seconds

    @property
    def writes_per_tick(self) -> float:
        return self.consumed.writes / self.load.ticks


@dataclass(frozen=True, slots=True)
class Symbols:
    """The symbols of a load, and the prices that each has stored before it."""

    names: Sequence[str]
    before: Sequence[str] = ()


def run(
    system: System,
    load: Load,
    symbols: Symbols,
    *,
    endpoint: str,
    sent: Callable[[int], None],
) -> Outcome:
    """Send the load, wait until all has settled, and judge what is stored."""
    ticks = make_ticks(load.ticks, symbols.names)
    earlier = traffic.calls(endpoint)
    began_ms = time.time_ns() // 1_000_000
    send_all(ticks, load, system.send, sent)
    sent_s = time.time() - began_ms / 1000
    activity, rows = settled(system, ticks, began_ms)
    made = of_roles(traffic.calls(endpoint) - earlier, system.roles)
    sizes = [item_bytes(row) for each in rows.values() for row in each]
    stored = Rows(mean(sizes), mean(map(write_units, sizes)))
    return Outcome(
        load=load,
        sent_s=sent_s,
        seconds=(activity.last_ms - began_ms) / 1000,
        invocations=activity.invocations,
        gb_seconds=activity.gb_seconds,
        log_bytes=activity.log_bytes,
        verdict=verdict(ticks, rows, before=symbols.before, tolerance=system.tolerance),
        consumed=consumed(made, stored, consistent=system.consistent_reads),
        row_bytes=stored.mean_bytes,
        durations={
            group.rpartition("/")[2]: duration(batches)
            for group, batches in activity.batches.items()
        },
    )


def settled(
    system: System, ticks: Sequence[SentTick], began_ms: int
) -> tuple[Activity, dict[str, Sequence[Row]]]:
    """Wait until the functions are quiet and each tick is stored and enriched; up to
    `LONGEST_S`, after which it is lost. A long batch is quiet while it runs.
    """
    deadline = time.monotonic() + LONGEST_S
    since_ms = ticks[0].time_ns // 1_000_000
    while True:
        activity = system.logs.quiet_after(began_ms, timeout_s=LONGEST_S)
        rows: dict[str, Sequence[Row]] = {
            symbol: list(system.read(symbol, since_ms)) for symbol in by_symbol(ticks)
        }
        stored = [row for each in rows.values() for row in each]
        done = sum("enriched" in row for row in stored)
        expected = len(stored) if system.loses_ticks else len(ticks)
        if done >= expected or time.monotonic() > deadline:
            return activity, rows


def of_roles(calls: Counter[Call], roles: Sequence[str]) -> Counter[Call]:
    """Return the calls by roles whose names begin with one of these."""
    return Counter(
        {
            call: count
            for call, count in calls.items()
            if call.principal.rpartition("/")[2].startswith(tuple(roles))
        }
    )
