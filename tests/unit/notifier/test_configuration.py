import json

import pytest
from botocore.exceptions import ClientError

from services.market.errors import InvalidValue
from services.notifier.configuration import Configuration
from tests.unit.channels.builders import DEFINITIONS
from tests.unit.notifier.secret import FakeSecrets

DESK = json.dumps({"desk": DEFINITIONS["slack"]})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def configuration(secrets: FakeSecrets, clock: Clock) -> Configuration:
    return Configuration(secrets, "arn", frozenset(), clock)  # type: ignore[arg-type]


def test_the_secret_is_read_once_a_minute() -> None:
    secrets, clock = FakeSecrets(DESK), Clock()
    channels = configuration(secrets, clock)

    assert list(channels.channels().valid) == ["desk"]
    secrets.value = "{}"
    clock.now += 59
    assert list(channels.channels().valid) == ["desk"]
    assert secrets.reads == 1
    clock.now += 1
    assert channels.channels().names == []
    assert secrets.reads == 2


def test_before_the_first_channel_is_added_there_are_none() -> None:
    assert configuration(FakeSecrets(), Clock()).channels().names == []


def test_a_refusal_is_not_kept() -> None:
    secrets = FakeSecrets(DESK, breaks="InternalServiceError")
    channels = configuration(secrets, Clock())

    with pytest.raises(ClientError):
        channels.channels()
    secrets.breaks = ""
    assert list(channels.channels().valid) == ["desk"]


def test_a_secret_of_another_form_is_refused() -> None:
    with pytest.raises(InvalidValue):
        configuration(FakeSecrets("no JSON"), Clock()).channels()
