"""The text of a frame, which some venues compress."""

import zlib

LARGEST = 16 * 1024 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_MARKS = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")  # no JSON begins so


def text_of(data: bytes) -> str:
    """Return the text of a frame: plain, gzip or zlib. Raises `ValueError`."""
    return (_unpacked(data) if data.startswith(_MARKS) else data).decode()


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        text = unpacking.decompress(data, LARGEST)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacking.eof:
        raise ValueError(f"is cut, or has more than {LARGEST} bytes")
    return text
