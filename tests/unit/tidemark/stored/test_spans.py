import pytest

from tidemark.machine.errors import ToolError
from tidemark.stored import spans

NOW = 1_709_294_400_000  # 2024-03-01T12:00:00Z


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("90s", NOW - 90_000),
        ("15m", NOW - 900_000),
        ("1h", NOW - 3_600_000),
        ("7d", NOW - 604_800_000),
        ("2w", NOW - 1_209_600_000),
        ("999999w", 0),
        ("2024-03-01", NOW - 43_200_000),
        ("2024-03-01T12:00:00", NOW),
        ("2024-03-01T13:00:00.5+01:00", NOW + 500),
    ],
)
def test_a_span_and_a_time_both_say_since_when(text: str, ms: int) -> None:
    assert spans.since(text, now_ms=NOW) == ms


def test_a_time_in_the_future_is_one_line() -> None:
    with pytest.raises(ToolError, match="--since 9999-12-31: lies in the future"):
        spans.since("9999-12-31", now_ms=NOW)


def test_anything_else_is_one_line() -> None:
    with pytest.raises(ToolError, match=r"^--since yesterday: expected a span"):
        spans.since("yesterday", now_ms=NOW)
