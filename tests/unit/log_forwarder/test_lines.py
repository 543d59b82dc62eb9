import json
from itertools import chain
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.log_forwarder.lines import Lines, notifications, read_lines
from services.market.errors import InvalidValue
from tests.unit.attributes import anything
from tests.unit.log_forwarder.builders import GROUP, STREAM, delivery, packed

CONTROL = "CWL CONTROL MESSAGE: Checking health of destination Lambda function."
LONGEST_NOTIFICATION = 256 * 1024


def forwarded(*messages: str) -> list[str]:
    """The messages in all notifications of one delivery."""
    sent = notifications(read_lines(delivery(*messages)))
    events = chain.from_iterable(json.loads(one.message)["events"] for one in sent)
    return [event["message"] for event in events]


def test_a_delivery_is_read_with_its_times_as_text() -> None:
    lines = read_lines(delivery("ERROR one", "ERROR two ☃\n"))

    assert lines == Lines(
        log_group=GROUP,
        log_stream=STREAM,
        events=[
            {"time": "2024-03-01T12:00:00.123Z", "message": "ERROR one"},
            {"time": "2024-03-01T12:00:01.123Z", "message": "ERROR two ☃\n"},
        ],
    )


def test_a_control_message_has_no_lines() -> None:
    lines = read_lines(
        delivery(CONTROL, messageType="CONTROL_MESSAGE", logGroup="", logStream="")
    )

    assert lines.events == []
    assert notifications(lines) == []


def test_the_lines_of_a_delivery_are_one_notification() -> None:
    (sent,) = notifications(read_lines(delivery("ERROR one", "ERROR two")))

    assert sent.subject == "price-enricher-dev: 2 log lines"
    assert sent.attributes == {"function": "price-enricher-dev"}
    assert json.loads(sent.message) == {
        "log_group": GROUP,
        "log_stream": STREAM,
        "events": [
            {"time": "2024-03-01T12:00:00.123Z", "message": "ERROR one"},
            {"time": "2024-03-01T12:00:01.123Z", "message": "ERROR two"},
        ],
    }


def test_a_long_name_leaves_the_subject_within_its_limit() -> None:
    lines = Lines(f"/aws/lambda/{'x' * 200}", STREAM, [{"message": "ERROR"}])

    (sent,) = notifications(lines)

    assert sent.subject == "x" * 99


@pytest.mark.parametrize("character", ["a", "\0", '"', "é", "☃", "\N{BRAIN}"])
@pytest.mark.parametrize(
    ("lines", "length"), [(40, 32_000), (10_000, 100), (1, 300_000)]
)
def test_a_big_delivery_is_split_and_loses_no_line(
    character: str, lines: int, length: int
) -> None:
    events = [
        {"time": "2024-03-01T12:00:00.123Z", "message": character * length}
    ] * lines

    sent = notifications(Lines(GROUP, STREAM, events))

    assert sum(len(json.loads(one.message)["events"]) for one in sent) == lines


@given(st.lists(st.text(max_size=20).map(lambda text: text * 3000), max_size=8))
@example(["\0" * 60_000, "\N{BRAIN}" * 60_000, '"' * 60_000, "\\" * 60_000])
@example(["\ud800"])
def test_every_line_is_forwarded_in_order_and_every_notification_fits(
    messages: list[str],
) -> None:
    sent = notifications(read_lines(delivery(*messages)))

    cut = [m.encode(errors="replace")[: 32 * 1024] for m in messages]
    assert forwarded(*messages) == [c.decode(errors="ignore") for c in cut]
    assert all(len(one.message) + 500 <= LONGEST_NOTIFICATION for one in sent)
    assert all(one.message.isascii() for one in sent)


def test_a_line_of_more_than_32_kib_is_cut() -> None:
    (line,) = forwarded("é" * 20_000)

    assert line == "é" * 16_384


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ({"timestamp": -1, "message": "x"}, {"time": "-1", "message": "x"}),
        ({"timestamp": 10**30, "message": 5}, {"time": f"{10**30}", "message": "5"}),
        (
            {"timestamp": 253_402_300_799_999, "message": ""},
            {"time": "9999-12-31T23:59:59.999Z", "message": ""},
        ),
        ({"timestamp": "noon"}, {"time": "noon", "message": ""}),
        ("ERROR", {"time": "", "message": "ERROR"}),
        (None, {"time": "", "message": "null"}),
        ({"timestamp": True, "message": ["a"]}, {"time": "true", "message": '["a"]'}),
    ],
)
def test_a_line_of_any_form_is_forwarded_as_text(
    line: Any, event: dict[str, str]
) -> None:
    assert read_lines(delivery(logEvents=[line])).events == [event]


@pytest.mark.parametrize("content", [[], {"logEvents": {}}])
def test_what_holds_no_lines_is_no_delivery(content: Any) -> None:
    with pytest.raises(InvalidValue, match="delivery: holds no list of lines"):
        read_lines(packed(content))


@pytest.mark.parametrize(
    ("group", "function"),
    [("", "unknown"), ("/aws/lambda/é\n", "??"), (None, "null"), ("a/b", "b")],
)
def test_a_log_group_of_any_name_makes_a_subject_that_sns_takes(
    group: Any, function: str
) -> None:
    (sent,) = notifications(read_lines(delivery("ERROR", logGroup=group)))

    assert sent.subject == f"{function}: 1 log line"
    assert sent.attributes == {"function": function}


@given(anything, anything, st.lists(anything, min_size=1, max_size=5))
def test_any_delivery_is_read_and_every_notification_fits(
    group: Any, stream: Any, lines: list[Any]
) -> None:
    sent = notifications(
        read_lines(delivery(logGroup=group, logStream=stream, logEvents=lines))
    )

    events = [json.loads(one.message)["events"] for one in sent]
    assert len([*chain.from_iterable(events)]) == len(lines)
    assert max(len(one.message) for one in sent) < LONGEST_NOTIFICATION
    assert all(one.message.isascii() for one in sent)
