"""The figures of one run as a table, and as JSON in `.tidemark/bench.json`."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.pipeline import Measured
from tidemark.machine import paths

FILE = paths.STATE / "bench.json"
HEAD = (
    "| load | ticks/s | of the floor | writes per tick | invocations per 1,000 ticks "
    "| GB-s per 1,000 ticks | lost | doubled | wrong |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def write(measured: Sequence[Measured]) -> None:
    """Print the table on standard output, and write the file."""
    FILE.write_text(json.dumps([_entry(each) for each in measured], indent=1) + "\n")
    print(HEAD)
    for each in measured:
        print(_line(each))


def _entry(measured: Measured) -> dict[str, object]:
    return asdict(measured) | {
        "ticks_per_s": measured.ticks_per_s,
        "of_floor": measured.of_floor,
        "writes_per_tick": measured.writes_per_tick,
    }


def _line(measured: Measured) -> str:
    outcome, thousands = measured.outcome, measured.load.ticks / 1000
    verdict = outcome.verdict
    cells = [
        measured.load.name,
        f"{measured.ticks_per_s:.0f}",
        f"{measured.of_floor:.2f}",
        f"{measured.writes_per_tick:.2f}",
        f"{outcome.activity.invocations / thousands:.0f}",
        f"{outcome.activity.gb_seconds / thousands:.1f}",
        *map(str, (verdict.lost, verdict.doubled, verdict.wrong)),
    ]
    return f"| {' | '.join(cells)} |"
