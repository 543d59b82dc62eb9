from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.settings import load_settings
from tidemark.stored.log_events import OVERLAP_MS, Following, Line, Logs, containing
from tidemark_localstack.filter_pattern import parse

AT_MS = 1_709_294_400_000


@dataclass
class FakeLogs:
    """One log group, in which events may appear late."""

    events: list[tuple[int, str]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def get_paginator(self, _: str) -> "FakeLogs":
        return self

    def paginate(self, *, startTime: int, **_: Any) -> Iterator[Any]:
        self.starts.append(startTime)
        for time_ms, text in self.events:
            if time_ms >= startTime:
                yield {"events": [{"timestamp": time_ms, "message": f"{text}\n"}]}


@pytest.fixture
def client() -> FakeLogs:
    return FakeLogs()


@pytest.fixture
def following(client: FakeLogs) -> Following:
    any_client: Any = client
    logs = Logs(any_client, load_settings(env_file=None))
    return Following(logs, ["f"], AT_MS)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def test_each_line_is_returned_once_oldest_first(
    client: FakeLogs, following: Following
) -> None:
    client.events += [(AT_MS + 2, "b"), (AT_MS + 1, "a")]
    first = following.poll()
    client.events += [(AT_MS + 3, "c")]

    assert texts(first) == ["a", "b"]
    assert first[0].function == "f-dev"
    assert texts(following.poll()) == ["c"]
    assert following.poll() == []


def test_a_line_that_is_stored_late_is_returned(
    client: FakeLogs, following: Following
) -> None:
    client.events += [(AT_MS + 2 * OVERLAP_MS, "new")]
    following.poll()
    client.events += [(AT_MS + OVERLAP_MS, "late")]

    assert texts(following.poll()) == ["late"]
    assert client.starts == [AT_MS, AT_MS + OVERLAP_MS]


def test_lines_before_the_start_are_not_read(
    client: FakeLogs, following: Following
) -> None:
    client.events += [(AT_MS - 1, "before")]

    assert following.poll() == []


@pytest.mark.parametrize("text", ["e1881dca-bb3a", 'a "quoted" \\ id', "币安"])
def test_a_pattern_matches_the_lines_that_contain_a_text(text: str) -> None:
    pattern = parse(containing(text))

    assert pattern.matches(f"before {text} after")
    assert not pattern.matches("another")
