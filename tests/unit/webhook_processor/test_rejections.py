import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchanges import registry
from services.exchanges.delivery import LARGEST_BODY, Delivery
from services.market.quarantine import Rejection
from services.webhook_processor.rejections import MOST_ALONE, messages, pack
from tests.unit.webhook_processor.builders import RECEIVED_AT_MS, posted

LARGEST_MESSAGE = 256 * 1024
BAD = Rejection("tick: is not an object", "0")


def written(rejections: Sequence[Rejection], **request: Any) -> list[Any]:
    return [json.loads(text) for text in messages(rejections, posted([], **request))]


def payloads(packed: Sequence[Rejection]) -> list[str]:
    """What was rejected, element by element."""
    arrays = [bad.payload if bad.count > 1 else f"[{bad.payload}]" for bad in packed]
    return [json.dumps(each) for array in arrays for each in json.loads(array)]


def test_a_message_says_which_request_it_was() -> None:
    (message,) = written([BAD])

    assert (
        message.items()
        >= {
            "exchange": "binance",
            "request_id": "request-1",
            "received_at": str(RECEIVED_AT_MS),
        }.items()
    )


@pytest.mark.parametrize(
    ("path", "exchange"), [(None, None), ("x" * 64, "x" * 64), ("é" * 100, "é" * 32)]
)
def test_the_exchange_of_the_path_is_cut_at_64_bytes(
    path: str | None, exchange: str | None
) -> None:
    (message,) = written([BAD], exchange=path)

    assert message["exchange"] == exchange


def test_a_message_has_what_sending_it_again_needs() -> None:
    delivery = replace(
        posted([]), query={"symbol": "é" * 300}, history=[{"reason": "x"}]
    )

    (text,) = messages([BAD], delivery)

    assert json.loads(text)["query"] == {"symbol": "é" * 128}
    assert json.loads(text)["history"] == [{"reason": "x"}]


def test_a_message_of_a_first_request_without_query_has_neither() -> None:
    (message,) = written([BAD])

    assert message.keys().isdisjoint(("query", "history"))


def test_up_to_a_limit_each_rejection_is_a_message() -> None:
    rejections = [Rejection(f"reason {n % 3}", f"{n}") for n in range(MOST_ALONE)]

    assert pack(rejections) == rejections


def test_above_the_limit_those_of_one_reason_are_one_message() -> None:
    rejections = [Rejection(f"reason {n % 2}", f"{n}") for n in range(MOST_ALONE)]

    assert pack([*rejections, Rejection("conflict", "{}")]) == [
        Rejection("reason 0", f"[{','.join(f'{n}' for n in range(0, 50, 2))}]", 25),
        Rejection("reason 1", f"[{','.join(f'{n}' for n in range(1, 50, 2))}]", 25),
        Rejection("conflict", "{}"),
    ]


def test_reasons_above_the_limit_share_a_message_that_names_the_first() -> None:
    rejections = [Rejection(f"reason {n}", f"{n}") for n in range(MOST_ALONE + 3)]

    packed = pack(rejections)

    assert packed[:MOST_ALONE] == rejections[:MOST_ALONE]
    assert packed[MOST_ALONE:] == [
        Rejection("3 other reasons, the first of them: reason 50", "[50,51,52]", 3)
    ]


def test_equal_elements_of_a_request_have_ids_of_their_own() -> None:
    ids = [message["rejection_id"] for message in written([BAD, BAD, BAD])]

    assert len(set(ids)) == 3


def test_a_retry_of_the_request_has_the_same_ids_also_where_it_rejects_less() -> None:
    other = Rejection("conflict", "{}")

    first = written([BAD, other, BAD])
    again = written([BAD, BAD])

    assert [first[0], first[2]] == again


def test_another_request_has_other_ids() -> None:
    (first,), (other,) = written([BAD]), written([BAD], request_id="request-2")

    assert first["rejection_id"] != other["rejection_id"]


@pytest.mark.parametrize(
    "element", ["0", '"\\u0000"', '{"symbol":"\\"","price":"\\u20ac"}', "[[[[]]]]"]
)
def test_a_full_body_of_bad_elements_is_few_messages_and_none_of_it_is_lost(
    element: str,
) -> None:
    count = LARGEST_BODY // (len(element) + 1) - 1
    body = f"[{','.join([element] * count)}]".encode()
    delivery = Delivery(body, "binance", RECEIVED_AT_MS, "request-1")
    rejections: Any = list(registry.read(delivery))

    packed = pack(rejections)
    sent = messages(rejections, delivery)

    assert sum(bad.count for bad in packed) == count
    assert set(payloads(packed)) == {json.dumps(json.loads(element))}
    assert len(sent) <= 5
    assert max(map(len, sent)) < LARGEST_MESSAGE


@given(
    st.lists(
        st.builds(
            Rejection,
            st.sampled_from([f"reason {n}" for n in range(60)]),
            st.integers().map(str),
        ),
        max_size=150,
    )
)
def test_every_rejected_element_is_in_one_message(rejections: list[Rejection]) -> None:
    packed = pack(rejections)

    assert sorted(payloads(packed)) == sorted(bad.payload for bad in rejections)
    assert sum(bad.count for bad in packed) == len(rejections)
