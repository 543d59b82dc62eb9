import json
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.log_forwarder.lines import Lines, notifications, read_lines
from tests.unit.log_forwarder.builders import GROUP, STREAM, delivery

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
