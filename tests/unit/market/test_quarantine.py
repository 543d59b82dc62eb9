import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.quarantine import LARGEST_PAYLOAD, Rejection, cut

LARGEST_MESSAGE = 256 * 1024


def test_a_record_says_why_and_what_and_where_from() -> None:
    bad = Rejection("price: is missing", '{"symbol":"BTC"}')

    record = bad.record(exchange="binance", request_id=None)

    assert json.loads(record) == {
        "reason": "price: is missing",
        "payload": '{"symbol":"BTC"}',
        "exchange": "binance",
        "request_id": None,
    }


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_a_record_of_any_text_is_ascii_that_sqs_takes(text: str) -> None:
    record = Rejection(text, text).record(request_id=text)

    assert record.isascii()
    assert record.isprintable()


@pytest.mark.parametrize("character", ["a", "\0", '"', "é", "€", "😀", "\ud800"])
def test_a_payload_is_cut_at_32_kib_and_fits_into_a_message(character: str) -> None:
    record = Rejection("conflict", character * LARGEST_PAYLOAD).record()

    payload = json.loads(record)["payload"].encode()
    assert LARGEST_PAYLOAD - 3 <= len(payload) <= LARGEST_PAYLOAD
    assert len(record) < LARGEST_MESSAGE


@given(st.text(), st.integers(0, 50))
def test_a_cut_text_is_the_longest_start_that_fits(text: str, size: int) -> None:
    start = cut(text, size)

    assert text.startswith(start)
    assert len(start.encode()) <= size
    assert start == text or len(text[: len(start) + 1].encode()) > size
