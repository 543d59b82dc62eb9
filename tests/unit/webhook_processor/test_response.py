import json

import pytest

from services.market.quarantine import Rejection
from services.webhook_processor.response import LARGEST_PAYLOAD, MOST_ERRORS, Response

BAD = Rejection("price: is missing", '{"symbol":"BTC"}')
LARGEST_NOTIFICATION = 256 * 1024


def test_an_answer_counts_what_came() -> None:
    answer = Response(3, 2, [], "request-1", ignored=1)

    assert answer.payload() == {
        "statusCode": 200,
        "body": '{"accepted": 3, "duplicates": 2, "rejected": 0, "ignored": 1, '
        '"request_id": "request-1"}',
    }


@pytest.mark.parametrize(
    ("accepted", "duplicates", "rejections", "status"),
    [
        (0, 0, [], 200),
        (1, 0, [BAD], 200),
        (0, 1, [BAD], 200),
        (1, 1, [BAD], 200),
        (0, 0, [BAD], 400),
    ],
)
def test_400_is_for_nothing_but_bad_data(
    accepted: int, duplicates: int, rejections: list[Rejection], status: int
) -> None:
    answer = Response(accepted, duplicates, rejections, "request-1")

    assert answer.payload()["statusCode"] == status


def test_bad_data_is_shown_with_its_reason() -> None:
    body = json.loads(Response(0, 0, [BAD], "request-1").payload()["body"])

    assert body == {
        "accepted": 0,
        "duplicates": 0,
        "rejected": 1,
        "ignored": 0,
        "request_id": "request-1",
        "errors": [{"reason": "price: is missing", "payload": '{"symbol":"BTC"}'}],
    }


def test_much_bad_data_is_counted_in_full_and_shown_in_part() -> None:
    rejections = [Rejection("price: is missing", "\0" * 100_000)] * 1000

    response = Response(0, 0, rejections, "request-1").payload()

    body = json.loads(response["body"])
    assert body["rejected"] == 1000
    assert len(body["errors"]) == MOST_ERRORS
    assert {len(shown["payload"]) for shown in body["errors"]} == {LARGEST_PAYLOAD}
    assert len(json.dumps(response)) < LARGEST_NOTIFICATION
