"""What a sender may send: every request is accepted or refused, and never fails."""

import gzip
import http.client
import json
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.identifiers import VENUE
from tests.e2e.pipeline import Pipeline

TICK = b'{"symbol": "SYMBOL", "price": "100"}'
ZIPPED = gzip.compress(TICK)
BOMB = gzip.compress(b"[" + bytes(50 * 2**20) + b"]")
LIST_OF_6_MIB = b"[" + b"0," * (3 * 2**20) + b"0]"
# Also on a busy machine. LocalStack alone answers after up to two minutes.
QUICK_S = 30


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
    ],
)
def test_json_is_accepted_with_parameters_and_in_any_case(
    pipeline: Pipeline, symbol: str, content_type: str
) -> None:
    headers = pipeline.headers | {"content-type": content_type}

    response = pipeline.post({"symbol": symbol, "price": "100"}, headers=headers)

    assert response.status_code == 202
    eventually(lambda: pipeline.enriched(symbol, count=1))


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
    ],
)
@pytest.mark.parametrize("body", [TICK, b"symbol=BTC&price=100", b"%ff=\xff", b""])
def test_any_other_type_is_unsupported_whatever_the_body(
    pipeline: Pipeline, content_type: str, body: bytes
) -> None:
    headers = pipeline.headers | {"content-type": content_type}

    assert pipeline.post(body, headers=headers).status_code == 415


@pytest.mark.parametrize(
    ("coding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_a_compressed_body_is_decoded(
    pipeline: Pipeline, symbol: str, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    tick = json.dumps({"symbol": symbol, "price": "100"}).encode()
    headers = pipeline.headers | {"content-encoding": coding}

    response = pipeline.post(compress(tick), headers=headers)

    assert response.status_code == 202
    eventually(lambda: pipeline.enriched(symbol, count=1))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", TICK),
        ("gzip", ZIPPED[:-9]),
        ("gzip", ZIPPED[:-8] + bytes(8)),
        ("deflate", ZIPPED),
        ("br", TICK),
    ],
)
def test_a_body_that_is_not_encoded_as_it_says_is_unsupported(
    pipeline: Pipeline, coding: str, body: bytes
) -> None:
    headers = pipeline.headers | {"content-encoding": coding}

    assert pipeline.post(body, headers=headers).status_code == 415


@pytest.mark.parametrize(
    ("coding", "body"), [("identity", LIST_OF_6_MIB), ("gzip", BOMB)]
)
def test_a_body_that_no_function_can_get_is_refused_at_once(
    pipeline: Pipeline, coding: str, body: bytes
) -> None:
    headers = pipeline.headers | {"content-encoding": coding}
    started = time.monotonic()

    response = pipeline.post(body, headers=headers)

    assert response.status_code == 413
    assert time.monotonic() - started < QUICK_S


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"symbol": "\xff\xfe", "price": "1"}', 202),
        (b'{"symbol": "\xc0\xaf", "price": "1"}', 202),
        (b'{"symbol": "caf\xe9", "price": "1"}', 202),
        (b'{"symbol": "a\xe2\x82', 400),
        (ZIPPED, 400),
        (zlib.compress(TICK), 400),
        (TICK.decode().encode("utf-16"), 400),
        (b"[" * 18_000 + b"]" * 18_000, 400),
        (b'{"symbol": "A", "price": ' + b"9" * 5_000 + b"}", 202),
    ],
)
def test_a_body_that_is_hard_to_read_is_a_bad_request_or_passed_on(
    pipeline: Pipeline, body: bytes, status: int
) -> None:
    assert pipeline.post(body).status_code == status


@pytest.mark.local
@pytest.mark.parametrize(
    ("path", "header", "status"),
    [
        ("", ("upgrade", "websocket"), 202),
        ("", ("upgrade", "h2c"), 202),
        ("", ("x-large", "a" * 20_000), 400),
        ("a" * 20_000, ("x-small", "a"), 400),
        ("%ff%00", ("x-small", "a"), 202),
    ],
)
def test_an_odd_header_or_path_is_a_bad_request_or_ignored(
    pipeline: Pipeline, path: str, header: tuple[str, str], status: int
) -> None:
    url = urlsplit(f"{pipeline.outputs['webhook_url']}/{VENUE}{path}")
    connection = http.client.HTTPConnection(url.netloc, timeout=120)

    headers = pipeline.headers | dict([header])
    with closing(connection):
        connection.request("POST", url.path, b"[]", headers)

        assert connection.getresponse().status == status
