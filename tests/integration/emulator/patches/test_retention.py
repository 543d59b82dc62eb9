"""Log events are deleted once their retention is over, or there are too many."""

import json

import pytest

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from tidemark_localstack.patches.logs import retention

DAYS, AGES = GIVEN
now_ms = 1_764_000_000_000
stream = SimpleNamespace(
    log_group=SimpleNamespace(retention_in_days=DAYS),
    events=[
        SimpleNamespace(timestamp=now_ms - days * retention.DAY_MS)
        for days, count in AGES
        for _ in range(count)
    ],
)
for _ in range(3):
    retention.delete_old(stream, now_ms=now_ms)
print(json.dumps(len(stream.events)))
"""


@pytest.mark.parametrize(
    ("days", "ages", "left"),
    [
        (3, [(4, 1000), (1, 500)], 500),  # days old, and how many
        (3, [(4, 999), (1, 501)], 1500),
        (None, [(4000, 1500)], 1500),
        (None, [(0, 25_000)], 20_000),
        (3, [(4, 2000), (0, 1500)], 1500),
    ],
)
def test_old_events_are_deleted_in_portions_and_the_newest_are_kept(
    days: int | None, ages: list[tuple[int, int]], left: int
) -> None:
    program = PROGRAM.replace("GIVEN", repr((days, ages)))

    assert json.loads(output_of(program)[-1]) == left
