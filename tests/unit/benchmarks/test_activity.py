import json
from typing import Any

import pytest

from benchmarks.activity import Activity
from benchmarks.measurement import Duration, duration

REPORT = (
    "REPORT RequestId: 1\tDuration: 99.1 ms\tBilled Duration: 100 ms\t"
    "Memory Size: 512 MB\tMax Memory Used: 80 MB"
)


def event(message: str, *, stream: str = "a", at_ms: int = 5) -> dict[str, Any]:
    return {"message": message, "logStreamName": stream, "timestamp": at_ms}


def received(ticks: int) -> str:
    return json.dumps({"_aws": {"CloudWatchMetrics": []}, "TicksReceived": [ticks]})


def test_an_invocation_is_billed_by_its_time_and_memory() -> None:
    activity = Activity()

    for at_ms in (5, 9, 7):
        activity.note("group", event(REPORT, at_ms=at_ms))

    assert (activity.invocations, activity.last_ms) == (3, 9)
    assert activity.gb_seconds == pytest.approx(3 * 0.1 * 0.5)
    assert activity.log_bytes == 3 * (len(REPORT) + 26)


def test_an_invocation_has_the_ticks_that_its_environment_told_before() -> None:
    activity = Activity()

    activity.note("group", event(received(25), stream="a"))
    activity.note("group", event(received(3), stream="b"))
    activity.note("group", event(REPORT, stream="b"))
    activity.note("group", event(REPORT, stream="a"))
    activity.note("group", event(REPORT, stream="a"))

    assert activity.batches == {"group": [(3, 0.1), (25, 0.1)]}


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ([(10, 0.3), (20, 0.5)], Duration(2, 0.1, 0.02)),
        ([(10, 0.3), (10, 0.5)], Duration(2, 0.4, 0)),
        ([(10, 0.5), (20, 0.3)], Duration(2, 0.4, 0)),
        ([(10, 0.1), (20, 0.5)], Duration(2, 0, 0.02)),
    ],
)
def test_durations_are_a_line_that_is_nowhere_negative(
    batches: list[tuple[int, float]], expected: Duration
) -> None:
    found = duration(batches)

    assert found.base_s == pytest.approx(expected.base_s)
    assert found.per_tick_s == pytest.approx(expected.per_tick_s)
