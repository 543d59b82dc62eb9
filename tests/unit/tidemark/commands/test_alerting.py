"""What `make status` says about channels and subscriptions."""

from typing import Any

import pytest
from botocore.stub import Stubber

from infra.settings import load_settings
from tidemark.channels import attempts
from tidemark.channels.attempts import Attempt
from tidemark.channels.stored import StoredChannels
from tidemark.commands import alerting
from tidemark.environment import Environment

TOPIC = "arn:aws:sns:us-east-1:000000000000:trading-alerts-qa"
NOON_MS = 1_709_294_400_000


@pytest.fixture
def environment() -> Environment:
    return Environment(load_settings(env_file=None, environment_suffix="qa"))


def test_a_stack_without_rules_and_channels_has_no_lines(
    environment: Environment,
) -> None:
    assert [*alerting.rows(environment, {})] == []


def test_a_subscription_that_nobody_confirmed_is_told(environment: Environment) -> None:
    answer: Any = {
        "Subscriptions": [
            {"SubscriptionArn": "PendingConfirmation", "Endpoint": "me@example.com"},
            {"SubscriptionArn": f"{TOPIC}:1", "Endpoint": "arn:aws:sqs"},
        ]
    }

    with Stubber(environment.clients.sns) as stub:
        stub.add_response("list_subscriptions_by_topic", answer, {"TopicArn": TOPIC})
        rows = [*alerting.rows(environment, {"trading_alerts_topic_arn": TOPIC})]

    text = "me@example.com has not confirmed"
    assert rows == [("Subscription", "trading-alerts-qa", text)]


def test_a_channel_is_told_with_its_last_success_and_its_last_failure(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = {"alert_channels_secret_arn": "arn"}
    made = [
        Attempt(NOON_MS, "desk", "delivered", "200", ()),
        Attempt(NOON_MS + 60_000, "desk", "given up", "it answered 410", ()),
        Attempt(NOON_MS + 90_000, "gone", "waits", "it answered 503", ()),
    ]
    monkeypatch.setattr(Environment, "outputs", lambda self: outputs)
    monkeypatch.setattr(
        StoredChannels, "read", lambda self: dict.fromkeys(("new", "gone", "desk"))
    )
    monkeypatch.setattr(attempts, "read", lambda *_, **__: made)

    rows = [*alerting.rows(environment, outputs)]

    assert rows == [
        (
            *("Channel", "desk"),
            "last delivered 2024-03-01 12:00:00; last failed 2024-03-01 12:01:00: it "
            "answered 410",
        ),
        ("Channel", "gone", "last failed 2024-03-01 12:01:30: it answered 503"),
        ("Channel", "new", "nothing sent in the last three days"),
    ]
