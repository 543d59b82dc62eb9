import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws.backoff import MOST_ATTEMPTS
from services.aws.batches import Entry, portions, send_in_batches
from tests.unit.fakes import refusal

pytestmark = pytest.mark.usefixtures("no_pauses")


class Service:
    """Refuses the named bodies `times` times each, and breaks on the body `break`."""

    def __init__(self, *refused: str, times: int = 1000) -> None:
        self.left = dict.fromkeys(refused, times)
        self.calls: list[list[str]] = []

    def __call__(self, entries: list[Entry]) -> dict[str, list[dict[str, str]]]:
        self.calls.append([entry["Body"] for entry in entries])
        if "break" in self.calls[-1]:
            raise refusal("SendMessageBatch", "RequestThrottled")
        failed = [entry for entry in entries if self._refuses(entry["Body"])]
        return {"Failed": [{"Id": entry["Id"]} for entry in failed]}

    def _refuses(self, body: str) -> bool:
        self.left[body] = self.left.get(body, 0) - 1
        return self.left[body] >= 0


def entries(*bodies: str) -> list[Entry]:
    return [{"Body": body} for body in bodies]


def test_nothing_to_send_is_no_call() -> None:
    service = Service()

    assert send_in_batches([], service) == []
    assert service.calls == []


def test_ten_entries_go_in_one_call_and_the_eleventh_in_the_next() -> None:
    service = Service()
    bodies = [f"{n}" for n in range(11)]

    refused = send_in_batches(entries(*bodies), service)

    assert refused == []
    assert service.calls == [bodies[:10], bodies[10:]]


def test_an_entry_refused_for_a_while_is_sent_again_alone() -> None:
    service = Service("b", times=2)

    refused = send_in_batches(entries("a", "b", "c"), service)

    assert refused == []
    assert service.calls == [["a", "b", "c"], ["b"], ["b"]]


def test_the_positions_of_what_is_refused_for_good_are_returned() -> None:
    bodies = [f"{n}" for n in range(12)]

    refused = send_in_batches(entries(*bodies), Service("3", "11"))

    assert refused == [3, 11]


def test_a_call_that_fails_as_a_whole_refuses_its_batch_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = Service()
    bodies = [*"0123456789", "break", "11"]

    refused = send_in_batches(entries(*bodies), service)

    assert refused == [10, 11]
    assert len(service.calls) == 2
    assert "batch refused" in capsys.readouterr().out


def test_sending_ends_after_the_last_attempt() -> None:
    service = Service("a")

    send_in_batches(entries("a"), service)

    assert len(service.calls) == MOST_ATTEMPTS


@given(
    parts=st.lists(st.text(max_size=30)),
    most_bytes=st.integers(2, 100),
    most_parts=st.none() | st.integers(1, 5),
)
def test_portions_are_the_parts_in_order_within_both_limits(
    parts: list[str], most_bytes: int, most_parts: int | None
) -> None:
    made = list(portions(parts, most_bytes=most_bytes, most_parts=most_parts))

    assert list(chain.from_iterable(made)) == parts
    assert all(len(p) == 1 or size(p) <= most_bytes for p in made)
    assert all(1 <= len(p) <= (most_parts or len(parts)) for p in made)


def test_a_portion_is_as_full_as_its_limit_allows() -> None:
    made = list(portions(["aa", "bb", "cc", "dd"], most_bytes=8))

    assert made == [["aa", "bb"], ["cc", "dd"]]


def size(portion: list[str]) -> int:
    return sum(len(json.dumps(part)) for part in portion)


def test_many_batches_that_are_all_refused_take_hardly_more_calls_than_one() -> None:
    bodies = [f"{n}" for n in range(500)]
    service = Service(*bodies)

    refused = send_in_batches(entries(*bodies), service)

    assert refused == [*range(500)]
    assert len(service.calls) == MOST_ATTEMPTS + 49
