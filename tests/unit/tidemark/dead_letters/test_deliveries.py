import json
from typing import Any

import pytest

from tidemark.dead_letters import deliveries
from tidemark.dead_letters.entry import NOTIFICATIONS
from tidemark.dead_letters.letters import Letter
from tidemark.dead_letters.recognition import recognise

ALERT = {"alert_id": "9f", "symbol": "BTC-USD", "price": "200"}
GIVEN_UP = {
    "channel": "desk",
    "alerts": [ALERT],
    "since": "1709294400500",
    "attempts": "3",
    "reason": "it answered 410",
    "given_up_at": "2024-03-01T12:00:01.000Z",
}
REFUSED = {"reason": "alert_id: is missing", "payload": "{}", "rejection_id": "r-1"}


def letter(body: Any) -> Letter:
    return Letter.of(
        {
            "MessageId": "m-1",
            "Body": body if isinstance(body, str) else json.dumps(body),
            "Attributes": {"SentTimestamp": "1709294400500"},
        }
    )


@pytest.mark.parametrize(
    ("body", "reason", "symbol", "obstacle"),
    [
        (GIVEN_UP, "desk: it answered 410", "BTC-USD", ""),
        (
            GIVEN_UP | {"alerts": [ALERT, ALERT | {"symbol": "ETH-USD"}]},
            "desk: it answered 410",
            "several",
            "",
        ),
        (ALERT, deliveries.FAILED, "BTC-USD", ""),
        (
            REFUSED,
            "alert_id: is missing",
            "",
            "it would be refused again (alert_id: is missing)",
        ),
        (
            GIVEN_UP | {"alerts": []},
            "it would be refused again (alerts: is no list of alerts)",
            "",
            "it would be refused again (alerts: is no list of alerts)",
        ),
        (
            "[]",
            "it would be refused again (body: is not an object)",
            "",
            "it would be refused again (body: is not an object)",
        ),
    ],
)
def test_what_channels_did_not_get_is_recognised_with_its_reason(
    body: Any, reason: str, symbol: str, obstacle: str
) -> None:
    entry = recognise(NOTIFICATIONS, letter(body))

    assert entry.kind == "delivery"
    assert (entry.reason, entry.symbol) == (reason, symbol)
    assert entry.cannot_return == obstacle


def test_a_delivery_that_is_sent_back_starts_anew() -> None:
    again = json.loads(deliveries.message_of(json.dumps(GIVEN_UP)))

    assert again == {"channel": "desk", "alerts": [ALERT]}


def test_an_alert_is_sent_back_as_it_was() -> None:
    body = json.dumps(ALERT)

    assert deliveries.message_of(body) == body
