import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.alert_latency import Percentiles
from benchmarks.expected import Verdict
from benchmarks.load import Load
from benchmarks.measurement import Outcome
from benchmarks.report import Line, all_lines, shown, write
from benchmarks.results import Case, Results
from benchmarks.traffic import Consumed


def outcome(**values: Any) -> Outcome:
    given = {
        "load": Load(per_webhook=10, senders=8, ticks=100, per_s=50),
        "sent_s": 2,
        "seconds": 4,
        "invocations": 20,
        "gb_seconds": 1,
        "log_bytes": 1024 * 30,
        "verdict": Verdict(stored=100, lost=0, doubled=0, wrong=0),
        "consumed": Consumed(requests=50, writes=210, write_units=210, read_units=80),
        "row_bytes": 600,
        "durations": {},
    }
    return Outcome(**(given | values))


OURS = outcome()
THEIRS = outcome(
    seconds=20,
    verdict=Verdict(stored=40, lost=60, doubled=0, wrong=10),
    consumed=Consumed(writes=420, write_units=420),
)
RESULTS = Results(
    Percentiles(10, p50=0.5, p95=1, p99=2),
    [Case(0, 250, OURS), Case(1000, 50, OURS, THEIRS)],
)
BESIDE = "100 ticks by 10, 8 senders, 1,000 rows"


@pytest.fixture(scope="module")
def lines() -> dict[str, Line]:
    return {line.figure: line for line in all_lines(RESULTS)}


def test_ticks_kept_are_compared_with_the_reference_and_the_floor(
    lines: dict[str, Line],
) -> None:
    line = lines[f"ticks kept a second, {BESIDE}"]

    assert (line.tidemark, line.reference) == (25, 2)
    assert (line.ratio, line.of_floor) == (12.5, 0.5)


def test_losses_are_shares_of_all_ticks(lines: dict[str, Line]) -> None:
    lost, wrong = (
        lines["ticks lost, % of all ticks"],
        lines["wrong values, % of all ticks"],
    )

    assert (lost.tidemark, lost.reference) == (0, 60)
    assert (wrong.tidemark, wrong.reference) == (0, 10)


def test_the_floor_of_writes_is_two_per_tick(lines: dict[str, Line]) -> None:
    line = lines[f"writes per tick, {BESIDE}"]

    assert (line.tidemark, line.reference, line.of_floor) == (2.1, 4.2, 1.05)


def test_only_tidemark_pays_for_an_api(lines: dict[str, Line]) -> None:
    line = lines[f"dollars per million ticks, {BESIDE}"]

    lambda_and_logs = 0.2 * 0.2 + 13.33 * 0.01 + 0.5 * 0.3
    assert line.tidemark == pytest.approx(
        2.1 * 0.625 + 0.8 * 0.125 + 0.1 * 3.5 + lambda_and_logs
    )
    assert line.reference == pytest.approx(4.2 * 0.625 + lambda_and_logs)
    assert line.floor == pytest.approx(1.25)


def test_units_are_those_of_the_longest_webhooks_of_both(
    lines: dict[str, Line],
) -> None:
    line = lines[f"write units per million ticks, {BESIDE}"]

    assert (line.tidemark, line.reference) == (2_100_000, 4_200_000)


def test_a_load_that_the_reference_did_not_have_has_no_ratio(
    lines: dict[str, Line],
) -> None:
    assert (
        lines["ticks kept a second, 100 ticks by 10, 8 senders, empty table"].ratio
        is None
    )


def test_the_file_has_the_table_and_what_it_was_computed_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"

    write(RESULTS, file)

    written = json.loads(file.read_text())
    assert written["cases"][1]["reference"]["verdict"]["lost"] == 60
    assert written["table"][1]["of_floor"] == 0.5
    assert f"| ticks kept a second, {BESIDE} | 25 | 2 | 12.5 | 0.5 |" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [(None, "-"), (0, "0"), (0.12345, "0.123"), (999, "999"), (2_100_000, "2,100,000")],
)
def test_numbers_are_shown_with_three_digits(number: float | None, text: str) -> None:
    assert shown(number) == text
