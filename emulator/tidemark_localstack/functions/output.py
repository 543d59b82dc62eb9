"""What a process writes, as log events: lines of stdout and stderr, frames of the log.

awslambdaric writes each log record as a frame, so that a traceback stays one event;
everything printed is an event by line. Both come through one pipe, in their order.
"""

import asyncio
import contextlib
import os
import time

from tidemark_localstack.functions.model import LogEvent

# Type, length and microseconds, then the message: see awslambdaric.bootstrap. No text
# has these three bytes in a row.
FRAME_START = b"\xa5\x5a\x00"
HEADER_BYTES = 16
READ_BYTES = 65_536


class Output:
    """One pipe, read on the event loop whenever the process writes."""

    def __init__(self) -> None:
        self._events: list[LogEvent] = []
        self._pending = b""
        self._reader, self.fd = os.pipe()
        os.set_blocking(self._reader, False)
        asyncio.get_running_loop().add_reader(self._reader, self._drain)

    def close_child_end(self) -> None:
        """The process has inherited `fd`: were it kept here, it would never end."""
        os.close(self.fd)

    def take(self) -> list[LogEvent]:
        """Everything written until now, in order; a line without its end included."""
        self._drain()
        if not self._pending.startswith(FRAME_START):
            self._add_lines(self._pending)
            self._pending = b""
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._reader)
        os.close(self._reader)

    def _drain(self) -> None:
        self._pending += read_available(self._reader)
        while self._take_frame() or self._take_lines():
            pass

    def _take_frame(self) -> bool:
        data = self._pending
        end = HEADER_BYTES + int.from_bytes(data[4:8])
        if not data.startswith(FRAME_START) or len(data) < max(HEADER_BYTES, end):
            return False
        timestamp_us = int.from_bytes(data[8:HEADER_BYTES])
        self._add(timestamp_us // 1000, data[HEADER_BYTES:end])
        self._pending = data[end:]
        return True

    def _take_lines(self) -> bool:
        text, frame, rest = self._pending.partition(FRAME_START)
        # What stands before a frame is complete, with or without the end of its line.
        complete = len(text) if frame else text.rfind(b"\n") + 1
        self._add_lines(text[:complete])
        self._pending = text[complete:] + frame + rest
        return complete > 0

    def _add_lines(self, text: bytes) -> None:
        now_ms = time.time_ns() // 1_000_000
        for line in filter(None, text.split(b"\n")):
            self._add(now_ms, line + b"\n")

    def _add(self, timestamp_ms: int, message: bytes) -> None:
        if text := message.decode(errors="replace"):
            self._events.append(LogEvent(timestamp_ms, text))


def read_available(fd: int) -> bytes:
    """All that is in the pipe now, without waiting for more."""
    chunks = []
    with contextlib.suppress(BlockingIOError):
        while chunk := os.read(fd, READ_BYTES):
            chunks.append(chunk)
        # The process has ended: the loop would call for ever.
        asyncio.get_running_loop().remove_reader(fd)
    return b"".join(chunks)
