import gzip
import zlib

import pytest

from tidemark.feeds import unpacking


@pytest.mark.parametrize(
    "data",
    [
        b'{"ping":1}',
        gzip.compress(b'{"ping":1}'),
        *(zlib.compress(b'{"ping":1}', level) for level in (1, 6, 9)),
    ],
)
def test_a_frame_is_unpacked_where_it_is_packed(data: bytes) -> None:
    assert unpacking.text_of(data) == '{"ping":1}'


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8b\x08 is no gzip",
        gzip.compress(b"{}")[:-9],
        gzip.compress(b" " * (17 * 1024 * 1024)),
        b"\xff",
    ],
)
def test_a_frame_that_cannot_be_unpacked_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacking.text_of(data)
