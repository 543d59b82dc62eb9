"""The output of a process becomes log events with times."""

import asyncio
import os

import pytest

from tidemark_localstack.functions.model import LogEvent
from tidemark_localstack.functions.output import READ_BYTES, Output

FRAME_TYPE = b"\xa5\x5a\x00\x03"


def frame(message: str, *, at_ms: int) -> bytes:
    text = message.encode()
    header = FRAME_TYPE + len(text).to_bytes(4) + (at_ms * 1000).to_bytes(8)
    return header + text


def written(*pieces: bytes) -> list[LogEvent]:
    """The events of what the process writes, read piece by piece."""

    async def write() -> list[LogEvent]:
        output = Output()
        for piece in pieces:
            os.write(output.fd, piece)
            output._drain()
        events = output.take()
        output.close_child_end()
        output.close()
        return events

    return asyncio.run(write())


def messages(events: list[LogEvent]) -> list[str]:
    return [event.message for event in events]


def test_each_printed_line_is_an_event() -> None:
    assert messages(written(b"one\ntwo\n")) == ["one\n", "two\n"]


def test_an_empty_line_is_no_event() -> None:
    assert messages(written(b"one\n\n\ntwo\n")) == ["one\n", "two\n"]


def test_a_line_without_a_line_break_is_kept() -> None:
    assert messages(written(b"open")) == ["open\n"]


def test_a_log_record_of_several_lines_is_one_event_with_its_own_time() -> None:
    events = written(frame("[ERROR] no\nTraceback\n", at_ms=1_700_000_000_000))

    assert events == [LogEvent(1_700_000_000_000, "[ERROR] no\nTraceback\n")]


def test_printed_lines_and_log_records_keep_their_order() -> None:
    logged = frame("logged\n", at_ms=1)

    events = written(b"before\nopen" + logged + logged + b"after\n")

    assert messages(events) == [
        "before\n",
        "open\n",
        "logged\n",
        "logged\n",
        "after\n",
    ]


@pytest.mark.parametrize("cut", range(1, 40))
def test_the_events_do_not_depend_on_how_the_output_is_cut_into_reads(cut: int) -> None:
    whole = b"printed\n" + frame("logged\n", at_ms=1) + b"printed\n"

    events = written(whole[:cut], whole[cut:])

    assert messages(events) == ["printed\n", "logged\n", "printed\n"]


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    assert messages(written(b"\xff\n")) == ["\ufffd\n"]


def test_an_incomplete_frame_waits_for_its_rest() -> None:
    assert written(frame("logged", at_ms=1)[:-1]) == []


def test_more_than_a_pipe_holds_is_read_while_it_is_written() -> None:
    async def write() -> list[LogEvent]:
        output = Output()
        line = b"x" * 99 + b"\n"
        printed = asyncio.to_thread(os.write, output.fd, line * 10_000)
        assert await printed > READ_BYTES
        output.close_child_end()
        events = output.take()
        output.close()
        return events

    assert len(asyncio.run(write())) == 10_000


def test_the_loop_stops_reading_once_the_process_has_exited() -> None:
    async def end() -> bool:
        output = Output()
        output.close_child_end()
        output.take()
        still_watched = asyncio.get_running_loop().remove_reader(output._reader)
        output.close()
        return still_watched

    assert asyncio.run(end()) is False
