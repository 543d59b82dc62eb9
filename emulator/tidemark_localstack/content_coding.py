"""Decode the body of a request as its Content-Encoding says, up to a limit.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
"""

import zlib

# The containers, as zlib numbers them.
WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class UnsupportedCoding(ValueError):
    """The coding is unknown, or the body is not encoded with it."""


class BodyTooLarge(ValueError):
    """The decoded body exceeds the limit."""


def decode(body: bytes, coding: str, *, limit: int) -> bytes:
    """Return the decoded body of at most `limit` bytes; decode no more than that."""
    coding = coding.strip().lower()
    if coding not in ("", "identity"):
        body = _decompressed(body, coding, limit)
    if len(body) > limit:
        raise BodyTooLarge(f"the body has more than {limit} bytes")
    return body


def _decompressed(body: bytes, coding: str, limit: int) -> bytes:
    if coding not in WINDOW_BITS:
        raise UnsupportedCoding(f"{coding!r} is not supported")
    decoder = zlib.decompressobj(WINDOW_BITS[coding])
    try:
        decoded = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise UnsupportedCoding(f"the body is not {coding}: {error}") from error
    if len(decoded) <= limit and (not decoder.eof or decoder.unused_data):
        raise UnsupportedCoding(f"the body does not end where its {coding} data ends")
    return decoded
