"""The texts of a reading's names: files, packed or not, and members of zips.

Each source can be opened several times, since a column is read as a whole before its
first row is judged.
"""

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.sources import file_kinds, packed
from tidemark.replay.reading.sources.handles import Handle, handle

START = 4096
type Opener = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Source:
    """One text to read: `open` returns its unpacked bytes from the start.

    `label` is shown to the user; one of `names` may contain a symbol.
    """

    label: str
    names: tuple[str, ...]
    open: Opener
    handle: Handle


def sources(name: str) -> Iterator[Source | Refusal]:
    """Yield the sources of a name: `-`, a file, or the members of a zip."""
    label = "standard input" if name == "-" else name
    try:
        file = handle(name)
        with file.open() as opened:
            start = packed.read_start(opened, START)
        if start.startswith((file_kinds.ZIP, file_kinds.EMPTY_ZIP)):
            yield from _members(label, file)
        else:
            names = () if name == "-" else (Path(name).name,)
            yield _source(label, names, file.open, file)
    except Refusal as refusal:
        yield Refusal(str(refusal), label)


def _source(label: str, names: tuple[str, ...], opener: Opener, file: Handle) -> Source:
    start = _start(opener)
    for _ in range(2):  # such as a .gz inside a zip
        unpack = packed.unpacker(start)
        if unpack is not None:
            opener = _through(unpack, opener)
            start = _start(opener)
    file_kinds.check(start)
    if start.startswith(file_kinds.ZIP):
        raise Refusal("it is a zip inside a packed file: unpack it first.")
    if not start.removeprefix(b"\xef\xbb\xbf").strip():
        raise Refusal("it is empty.")
    return Source(label, names, opener, file)


def _through(unpack: Callable[[IO[bytes]], IO[bytes]], opener: Opener) -> Opener:
    return lambda: unpack(opener())


def _start(opener: Opener) -> bytes:
    try:
        with opener() as file:
            return packed.read_start(file, START)
    except (OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise Refusal(f"it is damaged: {error}.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refusal(f"it cannot be unpacked: {error}.") from error


def _members(label: str, file: Handle) -> Iterator[Source | Refusal]:
    with file.open() as opened:
        try:
            archive = zipfile.ZipFile(opened)
        except zipfile.BadZipFile as error:
            cut = "it is a zip archive that is cut off or damaged."
            raise Refusal(cut) from error
        with archive:
            yield from _readable(label, archive, file)


def _readable(
    label: str, archive: zipfile.ZipFile, file: Handle
) -> Iterator[Source | Refusal]:
    file_kinds.check_archive(archive.namelist())
    members = [info for info in archive.infolist() if _is_member(info)]
    if not members:
        raise Refusal("it is a zip archive that contains no file.")
    outer = () if label == "standard input" else (Path(label).name,)
    for info in members:
        own = (PurePosixPath(info.filename).name,)
        names = own + outer if len(members) == 1 else own
        member = f"{label}: {info.filename}"
        try:
            if info.flag_bits & 1:
                raise Refusal("it is encrypted: unpack it first.")
            opener = _member_opener(archive, info)
            yield _source(member, names, opener, file)
        except Refusal as refusal:
            yield Refusal(str(refusal), member)


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(info)


def _is_member(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if info.is_dir() or "__MACOSX" in parts or not parts:
        return False
    return not parts[-1].startswith("._") and parts[-1] not in (
        ".DS_Store",
        "Thumbs.db",
    )
