import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.quarantine import LARGEST_PIECE, Rejection, cut

LARGEST_MESSAGE = 256 * 1024


def test_a_record_says_why_and_what_and_where_from() -> None:
    bad = Rejection("price: is missing", '{"symbol":"BTC"}')

    (record,) = bad.records("1", exchange="binance", request_id=None)

    written = json.loads(record)
    assert len(written.pop("rejection_id")) == 32
    assert written == {
        "reason": "price: is missing",
        "payload": '{"symbol":"BTC"}',
        "exchange": "binance",
        "request_id": None,
    }


def test_a_record_of_several_elements_has_their_count() -> None:
    (record,) = Rejection("tick: is not an object", "[1,2]", 2).records()

    assert json.loads(record)["count"] == 2


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_a_record_of_any_text_is_ascii_that_sqs_takes(text: str) -> None:
    (record,) = Rejection(text, text).records(text, request_id=text)

    assert record.isascii()
    assert record.isprintable()


@pytest.mark.parametrize("character", ["a", "\0", '"', "é", "€", "😀", "\ud800"])
@pytest.mark.parametrize("size", [32 * 1024, 180 * 1024, 1_000_001])
def test_a_payload_is_kept_whole_in_as_many_messages_as_it_needs(
    character: str, size: int
) -> None:
    payload = character * size

    records = Rejection("x" * 10_000, payload).records("1", exchange="x" * 64)

    written = [json.loads(record) for record in records]
    assert "".join(record["payload"] for record in written) == payload
    assert max(map(len, records)) < LARGEST_MESSAGE


def test_the_pieces_of_a_payload_are_numbered_and_have_one_id() -> None:
    records = Rejection("conflict", "x" * 500_000).records("1")

    written = [json.loads(record) for record in records]
    assert [record["part"] for record in written] == [1, 2, 3, 4]
    assert {record["parts"] for record in written} == {4}
    assert len({record["rejection_id"] for record in written}) == 1


def test_what_fits_into_one_message_has_no_parts() -> None:
    most = "x" * (LARGEST_PIECE - 2)

    (record,) = Rejection("conflict", most).records("1")

    assert json.loads(record).keys() == {"reason", "payload", "rejection_id"}
    assert len(Rejection("conflict", most + "x").records("1")) == 2


def ids(*rejections: tuple[Rejection, str]) -> set[str]:
    return {
        json.loads(record)["rejection_id"]
        for bad, origin in rejections
        for record in bad.records(origin)
    }


def test_an_id_is_the_same_whenever_the_same_data_is_rejected_again() -> None:
    bad = Rejection("conflict", "{}")

    assert len(ids((bad, "1"), (bad, "1"))) == 1


def test_another_reason_payload_or_origin_has_another_id() -> None:
    bad, other = Rejection("conflict", "{}"), Rejection("conflict", "[]")

    assert len(ids((bad, "1"), (bad, "2"), (other, "1"))) == 3
    assert len(ids((bad, "1"), (Rejection("price", "{}"), "1"))) == 2


@given(st.text(), st.integers(0, 50))
def test_a_cut_text_is_the_longest_start_that_fits(text: str, size: int) -> None:
    start = cut(text, size)

    assert text.startswith(start)
    assert len(start.encode()) <= size
    assert start == text or len(text[: len(start) + 1].encode()) > size
