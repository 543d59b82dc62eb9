"""Recognise by its first bytes a file that is not a text with ticks."""

from tidemark.replay.reading.refusals import Refusal

GZIP, BZIP2, XZ, ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
_MAGIC = (
    (b"PAR1", "it is a Parquet file"),
    (b"ARROW1", "it is an Arrow file"),
    (b"OBJ\x01", "it is an Avro file"),
    (b"\x89HDF", "it is an HDF5 file"),
    (b"SQLite format 3\x00", "it is an SQLite database"),
    (b"%PDF", "it is a PDF document"),
    (b"{\\rtf", "it is an RTF document"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel workbook"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive"),
    (b"Rar!", "it is a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "it is packed with Zstandard"),
    (b"\x04\x22\x4d\x18", "it is packed with LZ4"),
    (b"PGDMP", "it is a PostgreSQL dump"),
    (b"\x93NUMPY", "it is a NumPy array"),
    (b"\x80\x04", "it is a Python pickle"),
    (b"\x80\x05", "it is a Python pickle"),
)
_WORKBOOK_PARTS = ("xl/workbook.xml", "content.xml", "xl/worksheets/sheet1.xml")
_TEXTS = (
    (b"version https://git-lfs", "it is a Git LFS pointer, not the file: git lfs pull"),
    (b"/annex/objects/", "it is a git-annex pointer, not the file: git annex get"),
    (
        b"../.git/annex/objects",
        "it is a git-annex pointer, not the file: git annex get",
    ),
    (b"<!doctype html", "it is an HTML page, not the file that was to be downloaded"),
    (b"<html", "it is an HTML page, not the file that was to be downloaded"),
    (b"<head", "it is an HTML page, not the file that was to be downloaded"),
    (b"<?xml", "it is an XML document"),
    (b"<error>", "it is an XML error message, not the file"),
    (b"<listbucket", "it is an XML document"),
)


def check(start: bytes) -> None:
    """Raise `Refusal` if these first bytes are those of another kind of file."""
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Refusal(f"{what}: save it as CSV or JSON.")
    if start[257:262] == b"ustar":
        raise Refusal("it is a tar archive: unpack it first.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, what in _TEXTS:
        if text.startswith(beginning):
            raise Refusal(f"{what}.")
    if text.startswith(b"<!--") and b"<html" in text:
        raise Refusal(
            "it is an HTML page, probably instead of the file: download it again."
        )


def check_archive(names: list[str]) -> None:
    """Raise `Refusal` if the members of a zip show that it is a workbook."""
    if any(part in names for part in _WORKBOOK_PARTS):
        raise Refusal("it is a workbook of a spreadsheet: save its sheet as CSV.")
