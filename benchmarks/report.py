"""The figures of one run as one table, and as JSON in `.tidemark/bench.json`."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measurement import Outcome
from benchmarks.results import Case, Results, per_tick
from tidemark.accounting.costs import FLOOR_WRITES, PerTick, floor_dollars_per_million
from tidemark.machine import paths

FILE = paths.STATE / "bench.json"
HEAD = "| | Tidemark | reference | ratio | of the floor |\n|---|---:|---:|---:|---:|"
MILLION = 1_000_000

type Figure = Callable[[Outcome], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both systems. `floor` is that of the floor, where it has one."""

    figure: str
    tidemark: float
    reference: float | None = None
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.tidemark / self.reference if self.reference else None

    @property
    def of_floor(self) -> float | None:
        return self.tidemark / self.floor if self.floor else None


def write(results: Results, file: Path = FILE) -> None:
    """Print the table on standard output, and write the file."""
    lines = list(all_lines(results))
    table = [
        {**asdict(line), "ratio": line.ratio, "of_floor": line.of_floor}
        for line in lines
    ]
    content = {"table": table, **asdict(results)}
    file.write_text(json.dumps(content, indent=1) + "\n")
    print(HEAD)
    for line in lines:
        cells = (line.tidemark, line.reference, line.ratio, line.of_floor)
        print(f"| {line.figure} | {' | '.join(map(shown, cells))} |")


def all_lines(results: Results) -> Iterator[Line]:
    """Yield the lines of the table."""
    for case in results.cases:
        figure = f"ticks kept a second, {case.name}"
        yield of_case(figure, case, kept_per_s, case.floor_per_s)
    for name in ("p50", "p95", "p99"):
        yield Line(f"webhook to alert, idle, {name}, s", getattr(results.alert, name))
    yield in_all("ticks lost", results, lambda outcome: outcome.verdict.lost)
    yield in_all("wrong values", results, lambda outcome: outcome.verdict.wrong)
    for case in results.cases:
        yield of_case(
            f"writes per tick, {case.name}", case, writes_per_tick, FLOOR_WRITES
        )
    for case in results.cases:
        yield dollars(case)
    yield from units(results.most_batched)


def kept_per_s(outcome: Outcome) -> float:
    return outcome.kept_per_s


def writes_per_tick(outcome: Outcome) -> float:
    return outcome.writes_per_tick


def of_case(figure: str, case: Case, value: Figure, floor: float | None = None) -> Line:
    reference = value(case.reference) if case.reference else None
    return Line(figure, value(case.tidemark), reference, floor)


def in_all(figure: str, results: Results, value: Figure) -> Line:
    """Return the share in all ticks of both systems, in per cent."""
    tidemark = [case.tidemark for case in results.cases]
    reference = [case.reference for case in results.cases if case.reference]

    def share(outcomes: list[Outcome]) -> float:
        ticks = sum(outcome.load.ticks for outcome in outcomes)
        return 100 * sum(map(value, outcomes)) / ticks

    return Line(f"{figure}, % of all ticks", share(tidemark), share(reference))


def dollars(case: Case) -> Line:
    """Return the dollars per million ticks."""
    taken = per_system(case, lambda tick: tick.dollars_per_million)
    floor = floor_dollars_per_million(case.tidemark.row_bytes)
    return Line(f"dollars per million ticks, {case.name}", *taken, floor)


def units(case: Case) -> Iterator[Line]:
    """Yield what a million ticks take of each service."""
    figures: dict[str, Callable[[PerTick], float]] = {
        "write units": lambda tick: tick.write_units * MILLION,
        "read units": lambda tick: tick.read_units * MILLION,
        "queue requests": lambda tick: tick.queue_requests * MILLION,
        "invocations": lambda tick: tick.invocations * MILLION,
        "billed GB-seconds": lambda tick: tick.gb_seconds * MILLION,
    }
    for name, figure in figures.items():
        yield Line(f"{name} per million ticks, {case.name}", *per_system(case, figure))
    yield of_case(
        f"requests per million ticks, {case.name}",
        case,
        lambda outcome: outcome.consumed.requests / outcome.load.ticks * MILLION,
    )


def per_system(
    case: Case, value: Callable[[PerTick], float]
) -> tuple[float, float | None]:
    tidemark = value(per_tick(case.tidemark, has_api=True))
    if case.reference is None:
        return tidemark, None
    return tidemark, value(per_tick(case.reference, has_api=False))


def shown(number: float | None) -> str:
    """Return the number with three digits, or a dash where there is none."""
    if number is None:
        return "-"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
