"""Packed files as streams, which also close the file that they unpack."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from typing import IO, cast

from tidemark.replay.reading.sources import file_kinds


class _ClosesInner:
    """Closes the packed file together with the unpacked one."""

    inner: IO[bytes]

    def close(self) -> None:
        super().close()  # type: ignore[misc]  # of the class beside this one
        self.inner.close()


class _Gzip(_ClosesInner, gzip.GzipFile):
    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__(fileobj=inner, mode="rb")
        self.inner = inner


class _Bzip2(_ClosesInner, bz2.BZ2File):
    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__(inner)
        self.inner = inner


class _Xz(_ClosesInner, lzma.LZMAFile):
    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__(inner)
        self.inner = inner


_UNPACK = {file_kinds.GZIP: _Gzip, file_kinds.BZIP2: _Bzip2, file_kinds.XZ: _Xz}


def unpacker(start: bytes) -> Callable[[IO[bytes]], IO[bytes]] | None:
    """Return the unpacker for a file that starts so, or None if it is not packed."""
    for magic, unpack in _UNPACK.items():
        if start.startswith(magic):
            return cast(Callable[[IO[bytes]], IO[bytes]], unpack)
    return None


def read_start(file: IO[bytes], size: int) -> bytes:
    """Return the first bytes of a file, or fewer if it is cut off."""
    read = file.read1  # type: ignore[attr-defined]  # every stream here has it
    start = b""
    try:
        while len(start) < size and (more := read(size - len(start))):
            start += more
    except EOFError:
        pass
    return start
