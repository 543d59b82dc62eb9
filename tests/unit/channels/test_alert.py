import json

import pytest

from services.channels.alert import LONGEST, MOST_CHANNELS, Alert, read_alert
from services.market import exact_json
from services.market.errors import InvalidValue


def read(**body: object) -> Alert:
    given = {"alert_id": "9f", "symbol": "BTC", **body}
    return read_alert(exact_json.loads(json.dumps(given)))


def test_the_known_fields_are_read_as_text_whatever_their_type() -> None:
    alert = read(price=150.2, suppressed="3", stale=False, other="x", exchange=None)

    assert alert.fields == {
        "alert_id": "9f",
        "symbol": "BTC",
        "price": "150.2",
        "suppressed": "3",
        "stale": "false",
    }


def test_long_fields_are_cut() -> None:
    assert len(read(message="m" * 5000).fields["message"]) == LONGEST


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[]", "body: is not an object"),
        ('{"symbol": "BTC"}', "alert_id: is missing"),
        ('{"alert_id": "9f", "symbol": ""}', "symbol: is missing"),
        ('{"alert_id": [], "symbol": "BTC"}', "alert_id: is missing"),
    ],
)
def test_what_cannot_be_identified_is_no_alert(body: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as error:
        read_alert(exact_json.loads(body))

    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["desk", "chat", "desk", 7], ("desk", "chat")),
        ([], None),
        ("desk", None),
        (None, None),
    ],
)
def test_an_alert_may_name_its_channels(
    given: object, names: tuple[str, ...] | None
) -> None:
    assert read(channels=given).channels == names


def test_an_alert_names_a_hundred_channels_at_most() -> None:
    names = read(channels=[f"c{n}" for n in range(500)]).channels

    assert len(names or ()) == MOST_CHANNELS


def test_an_alert_says_that_it_is_of_the_past() -> None:
    assert read(stale=True).is_stale
    assert read(stale="true").is_stale
    assert not read(stale="false").is_stale
    assert not read().is_stale


@pytest.mark.parametrize(
    ("fields", "time_ms"),
    [
        ({"tick_timestamp": "1709294400123.0000009", "timestamp": "1"}, 1709294400123),
        ({"timestamp": "1709294400123.0000009"}, 1709294400123),
        ({"timestamp": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_is_that_of_the_tick(
    fields: dict[str, str], time_ms: int | None
) -> None:
    assert read(**fields).time_ms == time_ms
