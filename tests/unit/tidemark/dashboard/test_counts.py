import pytest

from tidemark.dashboard.samples import Samples
from tidemark.dashboard.waiting import Waiting
from tidemark.stored.function_logs import Counted, read_counts

REPORT = (
    "REPORT RequestId: 1\tDuration: 1.5 ms\tBilled Duration: 500 ms\t"
    "Memory Size: 512 MB\tMax Memory Used: 51 MB"
)
METRICS = (
    '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"A"},{"Name":"B"}]}]},'
    '"A":[2.0,1.0],"B":[0.0]}'
)


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        (REPORT, [Counted("Invocations", 1), Counted("GBSeconds", 0.25)]),
        (METRICS, [Counted("A", 3), Counted("B", 0)]),
        ("START RequestId: 1 Version: $LATEST", []),
        ('{"level":"INFO","message":"{\\"_aws\\": 1}"}', []),
    ],
)
def test_a_log_line_counts_what_it_reports(line: str, counted: list[Counted]) -> None:
    assert [*read_counts(line)] == counted


def test_a_sum_is_that_of_its_span() -> None:
    samples = Samples()
    for time, value in ((1, 1), (60_000, 2), (60_001, 4), (120_000, 8)):
        samples.put("a", time, value)

    assert samples.sum("a", 120_000) == 4 + 8
    assert samples.sum("a", 60_000) == 1 + 2
    assert samples.peak("a", 120_000, 120_000) == 8
    assert samples.totals["a"] == 15


def test_nothing_counted_is_zero() -> None:
    assert (Samples().sum("a", 1), Samples().peak("a", 1, 1)) == (0, 0)


def test_old_values_are_forgotten_but_not_in_the_total() -> None:
    samples = Samples()

    samples.put("a", 0, 1)
    samples.put("a", 600_001, 1)

    assert samples.sum("a", 600_001, 10**9) == 1
    assert samples.totals["a"] == 2


def test_values_can_be_replaced() -> None:
    samples = Samples()
    samples.put("a", 1, 5)

    samples.replace("a", [(2, 7), (1, 1)])

    assert samples.sum("a", 2) == 8


def test_the_oldest_waiting_item_is_the_first_that_has_not_left() -> None:
    waiting = Waiting()

    ages = [
        waiting.age_ms(now, depth=depth, departed=departed)
        for now, depth, departed in (
            (0, 0, 0),
            (10, 5, 0),  # 1 to 5 arrive
            (20, 9, 0),  # 6 to 9 arrive
            (30, 4, 5),  # 1 to 5 have left
            (40, 4, 5),
            (50, 0, 9),
            (60, 1, 9),
        )
    ]

    assert ages == [0, 0, 10, 10, 20, 0, 0]


def test_what_waits_at_the_beginning_waits_from_then_on() -> None:
    waiting = Waiting()

    waiting.age_ms(100, depth=3, departed=50)

    assert waiting.age_ms(400, depth=2, departed=51) == 300
