import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier

from services.channels.request import Message, Request
from services.channels.webhook import sign
from tests.unit.channels.builders import NOW_MS, SECRET, alert, channel, message

OTHER = "whsec_" + base64.b64encode(b"o" * 24).decode()


def request(*secrets: str) -> Request:
    return channel("webhook", secrets=[*secrets]).request(message(), now_ms=NOW_MS)


def test_the_body_has_every_alert_whole() -> None:
    alerts = (alert(), alert(alert_id="9f01", exchange="binance"))

    made = channel("webhook").request(message(*alerts), now_ms=NOW_MS)

    assert json.loads(made.body) == {
        "type": "alerts.raised",
        "timestamp": "2025-11-25T22:06:11.000Z",
        "data": {"alerts": [dict(each.fields) for each in alerts]},
    }


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_during_a_rotation_the_holder_of_either_secret_can_verify(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = request(SECRET, OTHER)
    now = datetime.fromtimestamp(NOW_MS / 1000, UTC)
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", _At(now))

    verified = Verifier(secret).verify(made.body, dict(made.headers))

    assert verified == json.loads(made.body)
    assert len(made.headers["webhook-signature"].split()) == 2


class _At:
    """`datetime`, at a certain time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self, tz: object) -> datetime:
        return self._now

    def __getattr__(self, name: str) -> object:
        return getattr(datetime, name)


def test_the_signature_is_that_of_the_specification() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_attempt_of_a_message_has_its_id_and_its_body() -> None:
    early, late = (
        channel("webhook").request(message(), now_ms=NOW_MS + later)
        for later in (0, 60_000)
    )

    assert early.headers["webhook-id"] == late.headers["webhook-id"]
    assert early.body == late.body
    assert int(late.headers["webhook-timestamp"]) == NOW_MS // 1000 + 60


@given(st.lists(st.text("abc", min_size=1), min_size=1, max_size=3, unique=True))
def test_messages_of_other_alerts_have_other_ids(ids: list[str]) -> None:
    one = Message([alert(alert_id=id_) for id_ in ids], NOW_MS)
    more = Message([alert(alert_id=id_) for id_ in [*ids, "d"]], NOW_MS)

    made = [channel("webhook").request(each, now_ms=NOW_MS) for each in (one, more)]

    assert made[0].headers["webhook-id"] != made[1].headers["webhook-id"]
    assert "." not in made[0].headers["webhook-id"]
