"""A file on disk that can be opened many times, also for standard input."""

import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from tidemark.replay.reading.refusals import Refusal

SETTING = re.compile(r"[A-Z]+=")


@dataclass(slots=True)
class Handle:
    """A named file, and the position up to which its last stream was read."""

    path: Path | None
    spool: IO[bytes] | None = None
    last: IO[bytes] | None = field(default=None, init=False)

    def open(self) -> IO[bytes]:
        """Return a new stream that begins at the first byte."""
        if self.path is not None:
            self.last = self.path.open("rb")
        else:
            assert self.spool is not None
            self.last = os.fdopen(os.dup(self.spool.fileno()), "rb")
            self.last.seek(0)
        return self.last

    @property
    def size(self) -> int:
        """The number of bytes on disk."""
        if self.path is not None:
            return self.path.stat().st_size
        assert self.spool is not None
        return os.fstat(self.spool.fileno()).st_size

    @property
    def position(self) -> int:
        """The number of bytes that were read from the last opened stream."""
        if self.last is None:
            return 0
        return self.size if self.last.closed else self.last.tell()


def handle(name: str) -> Handle:
    """Return the file of that name, or standard input for `-`. Raises `Refusal`."""
    if name == "-":
        return Handle(None, _spooled(sys.stdin.buffer))
    path = Path(name)
    if path.is_dir():
        raise Refusal("it is a folder: give the names of its files.")
    if not path.exists():
        raise Refusal(_absent(name))
    if not path.is_file():  # it cannot be read twice
        raise Refusal(
            "it is not a regular file: pipe it to the command, with - as its name."
        )
    try:
        path.open("rb").close()
    except OSError as error:
        raise Refusal(f"it cannot be read: {error.strerror}.") from error
    return Handle(path)


def _absent(name: str) -> str:
    if SETTING.match(name):
        return "there is no file of this name. A setting comes before the command."
    return "there is no file of this name."


@cache
def _spooled(stream: IO[bytes]) -> IO[bytes]:
    """A copy of a stream, which can be read only once, for any number of readings."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
    shutil.copyfileobj(stream, spool)
    spool.flush()
    return spool
