import base64
import json
from typing import Any

import pytest

from services.channels.fields import check_name
from services.channels.registry import (
    channel_of,
    read_channels,
    read_definitions,
    split_hosts,
)
from services.market.errors import InvalidValue
from tests.unit.channels.builders import (
    DEFINITIONS,
    NOW_MS,
    SECRET,
    TOKEN,
    channel,
    message,
)


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        ("slack", "hooks.slack.com"),
        ("discord", "discord.com"),
        ("telegram", "api.telegram.org"),
        ("webhook", "example.com"),
    ],
)
def test_of_each_type_the_host_may_be_shown_and_nothing_else(
    kind: str, host: str
) -> None:
    made = channel(kind)

    assert made.host == host
    shown = repr(made) + repr(made.request(message(), now_ms=NOW_MS))
    assert made.secrets
    assert not any(secret in shown for secret in made.secrets)
    assert all(len(secret) >= 8 for secret in made.secrets)


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        ("slack", "XXXXXXXX"),
        ("discord", "XXXXXXXX"),
        ("telegram", "k" * 35),
        ("webhook", "XXXXXXXX"),
        ("webhook", SECRET),
        ("webhook", SECRET.removeprefix("whsec_")),
    ],
)
def test_each_part_of_a_definition_that_is_a_key_is_a_secret(
    kind: str, secret: str
) -> None:
    assert secret in channel(kind).secrets


@pytest.mark.parametrize(
    ("kind", "changed", "reason"),
    [
        ("slack", {"type": "fax"}, "type: expected one of slack, discord, telegram"),
        ("slack", {"type": None}, "type: expected one of"),
        ("slack", {"url": "https://example.com/services/X"}, "url: expected https://h"),
        ("slack", {"url": "http://hooks.slack.com/services/X"}, "url: expected"),
        ("slack", {"url": "https://hooks.slack.com:444/X"}, "url: expected"),
        ("slack", {"url": None}, "url: expected"),
        ("slack", {"token": "KEYKEY"}, "channel: accepts only the fields type, url"),
        ("discord", {"url": "https://discord.evil.com/x"}, "url: expected"),
        ("webhook", {"url": "https://user:KEYKEY@example.com/"}, "url: expected an"),
        ("webhook", {"url": "https://example.com/#KEYKEY"}, "url: expected an https"),
        ("webhook", {"url": "https://example.com/KEY KEY"}, "url: expected an https"),
        ("webhook", {"url": "https://exämple.com/"}, "url: expected an https"),
        ("webhook", {"url": "https://example.com:x/KEYKEY"}, "url: expected an"),
        ("webhook", {"url": "https:///KEYKEY"}, "url: expected an https"),
        ("webhook", {"url": f"https://e.com/{'K' * 2048}"}, "url: expected an https"),
        ("webhook", {"secrets": []}, "secrets: expected 1 to 5 of whsec_"),
        ("webhook", {"secrets": [SECRET] * 6}, "secrets: expected"),
        ("webhook", {"secrets": None}, "secrets: expected"),
        ("webhook", {"secrets": [7]}, "secrets: expected"),
        ("webhook", {"secrets": ["KEYKEY"]}, "secrets: expected"),
        ("webhook", {"secrets": ["whsec_KEY!KEY"]}, "secrets: expected"),
        ("webhook", {"secrets": ["whsec_S0VZ"]}, "secrets: expected"),
        ("webhook", {"secrets": [SECRET.removeprefix("whsec_")]}, "secrets: expected"),
        ("telegram", {"token": "KEYKEY"}, "token: expected a bot's token"),
        ("telegram", {"chat_id": "my chat"}, "chat_id: expected a chat's id"),
        ("telegram", {"chat_id": -1001}, "chat_id: expected a chat's id"),
        ("telegram", {"api_url": "http://api.telegram.org"}, "api_url: expected"),
    ],
)
def test_a_bad_definition_is_refused_without_repeating_it(
    kind: str, changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidValue) as error:
        channel(kind, **changed)

    assert error.value.reason.startswith(reason)
    assert "KEY" not in error.value.reason


def test_a_definition_must_be_an_object() -> None:
    with pytest.raises(InvalidValue, match="type: expected one of"):
        channel_of("https://hooks.slack.com/services/X")


def test_a_single_signing_secret_needs_no_list() -> None:
    assert channel("webhook", secrets=SECRET).secrets[-2] == SECRET


def signing_secret(bytes_: int) -> str:
    return "whsec_" + base64.b64encode(b"s" * bytes_).decode()


@pytest.mark.parametrize("bytes_", [24, 64])
def test_a_signing_secret_has_24_to_64_bytes(bytes_: int) -> None:
    secret = signing_secret(bytes_)

    assert secret in channel("webhook", secrets=[secret]).secrets


@pytest.mark.parametrize("bytes_", [23, 65])
def test_longer_and_shorter_signing_secrets_are_refused(bytes_: int) -> None:
    with pytest.raises(InvalidValue, match="secrets: expected"):
        channel("webhook", secrets=[signing_secret(bytes_)])


def test_a_chat_may_be_named_and_a_bot_api_server_be_ones_own() -> None:
    own = channel("telegram", chat_id="@desk_alerts", api_url="https://bots.example/")

    assert own.host == "bots.example"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_test_host_may_stand_for_any_service(scheme: str) -> None:
    definition = {"type": "slack", "url": f"{scheme}://localhost:9000/services/XXXXX"}

    made = channel_of(definition, test_hosts=split_hosts("localhost:9000,other:1"))

    assert made.host == "localhost:9000"


@pytest.mark.parametrize("url", ["http://localhost:9001/", "ftp://localhost:9000/"])
def test_nothing_but_a_test_host_may(url: str) -> None:
    with pytest.raises(InvalidValue):
        channel_of(
            {"type": "webhook", "url": url, "secrets": SECRET},
            test_hosts=split_hosts("localhost:9000"),
        )


def test_one_bad_channel_does_not_affect_the_others() -> None:
    secret = {"desk": DEFINITIONS["slack"], "bad": {"type": "fax"}}

    channels = read_channels(json.dumps(secret))

    assert list(channels.valid) == ["desk"]
    assert list(channels.invalid) == ["bad"]
    assert channels.names == ["desk", "bad"]


@pytest.mark.parametrize("text", ["KEYKEY", "[" * 100_000, '["KEYKEY"]'])
def test_a_secret_of_another_form_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidValue) as error:
        read_definitions(text)

    assert error.value.reason.startswith("alert-channels: is not ")
    assert "KEY" not in error.value.reason


def test_the_name_of_a_channel_is_short_and_plain() -> None:
    assert check_name("desk-2") == "desk-2"
    with pytest.raises(InvalidValue, match="is not 1-40 of a-z 0-9 -"):
        check_name("Desk")


def test_no_test_host_is_the_default() -> None:
    assert split_hosts("") == frozenset()


def test_a_token_is_a_secret_with_and_without_the_bots_id() -> None:
    assert channel("telegram").secrets == (TOKEN, "k" * 35)
