import copy
import json
import sys
from functools import partial
from typing import Any

import pytest

from infra.settings import load_settings
from services.channels.answer import Outcome, Result
from services.channels.registry import Channel
from services.channels.request import Message
from tests.unit.channels.builders import DEFINITIONS, NOW_MS
from tidemark import cli
from tidemark.channels.attempts import Attempt
from tidemark.commands import channels
from tidemark.machine.errors import ToolError


class Stored:
    """The definitions, in memory."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self.definitions = definitions

    def read(self) -> dict[str, Any]:
        return copy.deepcopy(self.definitions)

    def write(self, definitions: dict[str, Any]) -> None:
        self.definitions = definitions


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    stored = Stored({"desk": DEFINITIONS["slack"]})
    monkeypatch.setattr(channels.StoredChannels, "of", lambda environment: stored)
    settings = partial(load_settings, env_file=None)
    monkeypatch.setattr(channels, "load_settings", settings)
    monkeypatch.setattr(channels.deployed_hosts, "read", lambda _: frozenset())
    made = [
        Attempt(NOW_MS - 9, "phone", "delivered", ""),
        Attempt(NOW_MS - 5, "phone", "waits", "it answered 503"),
        Attempt(NOW_MS, "desk", "delivered", ""),
    ]
    monkeypatch.setattr(channels.attempts, "read", lambda *_, since_ms: made)
    monkeypatch.setattr(
        channels.questions, "definition", lambda kind: DEFINITIONS[kind]
    )
    return stored


def tidemark(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["tidemark", "channels", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def secret_in(text: str) -> bool:
    return "XXXXXXXX" in text


def test_a_channel_is_added_and_only_its_host_is_shown(
    monkeypatch: pytest.MonkeyPatch,
    stored: Stored,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert tidemark(monkeypatch, "add", "chat", "--type", "discord") == 0

    assert stored.definitions["chat"] == DEFINITIONS["discord"]
    assert list(stored.definitions) == ["desk", "chat"]
    said = capsys.readouterr().err
    assert (
        "chat sends alerts to discord.com: `bin/tidemark channels test chat` tries it"
        in said
    )
    assert not secret_in(said)


def test_a_channel_is_replaced_only_if_told(
    monkeypatch: pytest.MonkeyPatch, stored: Stored
) -> None:
    monkeypatch.setattr(sys, "argv", ["t", "channels", "add", "desk", "--type", "x"])
    with pytest.raises(ToolError, match="desk exists already: add --replace"):
        cli.main()

    tidemark(monkeypatch, "add", "desk", "--type", "discord", "--replace")

    assert stored.definitions["desk"]["type"] == "discord"


@pytest.mark.parametrize(
    ("name", "definition", "line"),
    [
        ("Desk", DEFINITIONS["slack"], "name: 'Desk' is not 1-40 of a-z 0-9 -"),
        ("chat", {"type": "slack", "url": "XXXXXXXX"}, "url: expected https://hooks"),
    ],
)
def test_a_bad_channel_is_one_line_and_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
    stored: Stored,
    name: str,
    definition: dict[str, Any],
    line: str,
) -> None:
    monkeypatch.setattr(channels.questions, "definition", lambda kind: definition)

    with pytest.raises(ToolError, match=line) as error:
        channels.add(name, "slack")

    assert not secret_in(str(error.value))
    assert list(stored.definitions) == ["desk"]


def test_channels_are_listed_without_their_secrets(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.definitions |= {"phone": DEFINITIONS["telegram"], "bad": {"url": "XXXXXXXX"}}

    channels.list_(as_json=True)
    channels.list_()

    said = capsys.readouterr().out
    document, _, table = said.partition("]\n")
    assert json.loads(f"{document}]") == [
        {
            "name": "desk",
            "type": "slack",
            "host": "hooks.slack.com",
            "last_result": "delivered",
            "at": "2025-11-25T22:06:11.000Z",
        },
        {
            "name": "phone",
            "type": "telegram",
            "host": "api.telegram.org",
            "last_result": "waits: it answered 503",
            "at": "2025-11-25T22:06:10.995Z",
        },
        {
            "name": "bad",
            "type": "not valid",
            "host": "type: expected one of slack, discord, telegram, webhook",
            "last_result": "none in three days",
            "at": "",
        },
    ]
    assert "desk   slack      hooks.slack.com" in table
    assert not secret_in(said)


def test_without_channels_it_is_said_how_to_add_one(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.definitions.clear()

    channels.list_()

    assert "`bin/tidemark channels add NAME --type slack`" in capsys.readouterr().err


def test_a_channel_is_removed(stored: Stored) -> None:
    channels.remove("desk")

    assert stored.definitions == {}


@pytest.mark.parametrize("command", [channels.remove, channels.test])
def test_a_channel_that_is_not_there_is_one_line(stored: Stored, command: Any) -> None:
    with pytest.raises(ToolError, match="There is no channel chat; there are: desk"):
        command("chat")
    stored.definitions.clear()
    with pytest.raises(ToolError, match="There is no channel chat; there are: none"):
        command("chat")


@pytest.mark.parametrize(
    ("outcome", "code"),
    [(Outcome.DELIVERED, 0), (Outcome.RETRY, 1), (Outcome.GIVEN_UP, 1)],
)
def test_a_test_says_what_the_other_side_answers(
    monkeypatch: pytest.MonkeyPatch,
    stored: Stored,
    capsys: pytest.CaptureFixture[str],
    outcome: Outcome,
    code: int,
) -> None:
    sent: list[Message] = []

    def deliver(channel: Channel, message: Message, *_: object, now_ms: int) -> Result:
        sent.append(message)
        return Result(outcome, "it answered 200: ok")

    monkeypatch.setattr(channels, "deliver", deliver)

    assert tidemark(monkeypatch, "test", "desk") == code

    assert "hooks.slack.com: it answered 200: ok" in capsys.readouterr().err
    assert sent[0].alerts[0].fields["alert_type"] == "TEST"


def test_a_test_has_the_rules_of_what_is_deployed(
    monkeypatch: pytest.MonkeyPatch,
    stored: Stored,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CHANNEL_TEST_HOSTS", "localhost:9000")
    own = {**DEFINITIONS["webhook"], "url": "http://localhost:9000/"}
    stored.definitions = {"own": own}

    with pytest.raises(ToolError, match="url: expected an https URL"):
        channels.test("own")

    assert "CHANNEL_TEST_HOSTS is localhost:9000 here, but empty" in (
        capsys.readouterr().err
    )


def test_the_commands_of_channels_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tidemark(monkeypatch, "--help")

    said = capsys.readouterr().out
    assert all(name in said for name in ("add", "list", "remove", "test"))
