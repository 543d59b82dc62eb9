"""A body is decoded as its Content-Encoding says, within its limit."""

import gzip
import zlib

import pytest

from tidemark_localstack.content_coding import (
    BodyTooLarge,
    UnsupportedCoding,
    decode,
)

BODY = b'{"price": 1}'
LIMIT = len(BODY)
ZIPPED = gzip.compress(BODY)
DEFLATED = zlib.compress(BODY)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (BODY, ""),
        (BODY, "identity"),
        (ZIPPED, "gzip"),
        (ZIPPED, " GZIP "),
        (DEFLATED, "deflate"),
    ],
)
def test_a_body_of_the_maximum_size_is_decoded(body: bytes, coding: str) -> None:
    assert decode(body, coding, limit=LIMIT) == BODY


@pytest.mark.parametrize(
    ("body", "coding"), [(BODY, ""), (ZIPPED, "gzip"), (DEFLATED, "deflate")]
)
def test_a_larger_body_is_refused(body: bytes, coding: str) -> None:
    with pytest.raises(BodyTooLarge, match="more than 11 bytes"):
        decode(body, coding, limit=LIMIT - 1)


def test_no_more_than_the_limit_is_decoded_of_a_compressed_bomb() -> None:
    broken_beyond_the_limit = gzip.compress(bytes(50 * 2**20))[:-100]

    with pytest.raises(BodyTooLarge):
        decode(broken_beyond_the_limit, "gzip", limit=LIMIT)


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (BODY, "br", "'br' is not supported"),
        (gzip.compress(ZIPPED), "gzip, gzip", "'gzip, gzip' is not supported"),
        (BODY, "gzip", "the body is not gzip: Error -3"),
        (ZIPPED, "deflate", "the body is not deflate: Error -3"),
        (b"", "gzip", "does not end where its gzip data ends"),
        (ZIPPED[:-1], "gzip", "does not end where its gzip data ends"),
        (ZIPPED + b"!", "gzip", "does not end where its gzip data ends"),
    ],
)
def test_an_unknown_coding_or_a_body_without_it_is_refused(
    body: bytes, coding: str, reason: str
) -> None:
    with pytest.raises(UnsupportedCoding, match=reason):
        decode(body, coding, limit=LIMIT)
