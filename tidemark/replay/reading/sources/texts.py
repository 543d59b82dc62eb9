"""The lines of a source, decoded by its byte order mark: UTF-8, or UTF-16 and UTF-32;
an older archive of OKX is GB18030.

A file with bytes that are not UTF-8 is refused; the message has the line, and what the
bytes look like. If a packed file is cut off, it is read up to its last whole line, and
`cut` says so.
"""

import codecs
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from services.market.counts import counted
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.sources import packed
from tidemark.replay.reading.sources.opened import Source

CHUNK = 1 << 16
LONGEST_LINE = 1 << 24
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BILINGUAL = re.compile(r"[a-z_]+/[\u4e00-\u9fffa-z]+,[a-z_]+/[\u4e00-\u9fff]+")
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


@dataclass(slots=True)
class Text:
    """A source as text; `cut` describes how it was cut off, if it was."""

    source: Source
    encoding: str = field(init=False)
    cut: str | None = None

    def __post_init__(self) -> None:
        with self.source.open() as file:
            start = packed.read_start(file, 4096)
        self.encoding = next((e for m, e in _MARKS if start.startswith(m)), "utf-8")
        if self.encoding == "utf-8" and _is_bilingual(start):
            self.encoding = "gb18030"
        if self.encoding == "utf-8" and b"\0" in start:
            shape = "UTF-16 without its mark" if b"\0" in start[:2] else "binary"
            raise Refusal(f"line 1: the bytes are {shape}: save the file as UTF-8.")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number from 1, without the line ending."""
        number = 0
        with self._opened() as text:
            while True:
                try:
                    line = text.readline(LONGEST_LINE)
                except UnicodeDecodeError as error:
                    raise self._undecodable(error) from error
                except _BROKEN as error:
                    self.cut = _how(error, number)
                    return
                if not line:
                    return
                number += 1
                if len(line) >= LONGEST_LINE:
                    raise Refusal(f"line {number} is too long.")
                yield number, line.rstrip("\r\n")

    def chunks(self) -> Iterator[str]:
        """Yield the same text in pieces of any size, for texts that do not consist of
        lines.
        """
        decoder = codecs.getincrementaldecoder(self.encoding)()
        with self.source.open() as file:
            while True:
                try:
                    raw = file.read1(CHUNK)  # type: ignore[attr-defined]
                    piece = decoder.decode(raw, final=not raw)
                except UnicodeDecodeError as error:
                    raise self._undecodable(error) from error
                except _BROKEN as error:
                    self.cut = _how(error, None)
                    return
                if not raw:
                    return
                yield piece

    def _opened(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self.source.open(), encoding=self.encoding)

    def _undecodable(self, error: UnicodeDecodeError) -> Refusal:
        if self.encoding == "gb18030":
            return Refusal("its header is GB18030, but other bytes are not.")
        if self.encoding != "utf-8" and self.encoding != "utf-8-sig":
            mark = f"it has the byte order mark of {self.encoding}"
            return Refusal(f"{mark}, but other bytes are not {self.encoding}.")
        return Refusal(
            f"line {self._first_bad_line()}: it is not UTF-8 (byte "
            f"0x{error.object[error.start]:02X}; perhaps Windows-1252 or Latin-1): "
            "save the file as UTF-8."
        )

    def _first_bad_line(self) -> int:
        number = 0
        with self.source.open() as file, suppress(*_BROKEN):
            for line in file:
                number += 1
                if not _is_utf8(line):
                    return number
        return number + 1  # it is cut off, too


def _is_bilingual(start: bytes) -> bool:
    """Return True for OKX's older archives: `trade_id/撮合id,…` in GB18030."""
    header = start.partition(b"\n")[0]
    if _is_utf8(header):
        return False
    return _BILINGUAL.match(header.decode("gb18030", "replace")) is not None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _how(error: Exception, lines: int | None) -> str:
    after = "" if lines is None else f" after {counted(lines, 'line')}"
    if isinstance(error, EOFError):
        return f"the file is cut off{after}"
    return f"the file is damaged{after}: {error}"
