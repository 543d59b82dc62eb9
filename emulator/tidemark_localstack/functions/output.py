"""Turn the output of a process into log events, in the order of writing.

awslambdaric writes each log record as one frame, so that a traceback stays one event;
each line printed to stdout or stderr is one event. Both come through one pipe.
"""

import asyncio
import contextlib
import os
import time

from tidemark_localstack.functions.model import LogEvent

# A frame has a type, a length, a time in microseconds and the message, see
# awslambdaric.bootstrap. These three bytes in a row occur in no UTF-8 text.
FRAME_START = b"\xa5\x5a\x00"
HEADER_BYTES = 16
READ_BYTES = 65_536


class Output:
    """A pipe that is read on the event loop whenever the process writes."""

    def __init__(self) -> None:
        self._events: list[LogEvent] = []
        self._pending = b""
        self._reader, self.fd = os.pipe()
        os.set_blocking(self._reader, False)
        asyncio.get_running_loop().add_reader(self._reader, self._drain)

    def close_child_end(self) -> None:
        """Close `fd` here once the process has it, or the pipe would never end."""
        os.close(self.fd)

    def take(self) -> list[LogEvent]:
        """Return all events so far, including a line whose end is not written yet."""
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
        # Text before a frame is complete even without a line break.
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
    """Read what the pipe holds now, without waiting for more."""
    chunks = []
    with contextlib.suppress(BlockingIOError):
        while chunk := os.read(fd, READ_BYTES):
            chunks.append(chunk)
        # End of file: the event loop would call `_drain` for ever.
        asyncio.get_running_loop().remove_reader(fd)
    return b"".join(chunks)
