import io
from typing import Any

import pytest

from tests.unit.channels.builders import DEFINITIONS
from tidemark.channels import questions
from tidemark.machine.errors import ToolError


class Input(io.StringIO):
    """Standard input, from a pipe or a terminal."""

    def __init__(self, text: str, *, terminal: bool = False) -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def piped(monkeypatch: pytest.MonkeyPatch, kind: str, text: str) -> dict[str, Any]:
    monkeypatch.setattr("sys.stdin", Input(text))
    return questions.definition(kind)


@pytest.mark.parametrize(
    ("kind", "text", "fields"),
    [
        ("slack", "https://x\n", {"url": "https://x"}),
        ("telegram", " 1:k \n\n-1001", {"token": "1:k", "chat_id": "-1001"}),
        ("webhook", "https://x\ns1\n", {"url": "https://x", "secrets": "s1"}),
        ("webhook", "https://x\ns1\ns2", {"url": "https://x", "secrets": ["s1", "s2"]}),
        ("slack", ' {"type": "fax", "url": "u"}', {"url": "u"}),
    ],
)
def test_fields_are_piped_as_lines_or_as_json(
    monkeypatch: pytest.MonkeyPatch, kind: str, text: str, fields: dict[str, Any]
) -> None:
    assert piped(monkeypatch, kind, text) == {"type": kind, **fields}


@pytest.mark.parametrize(
    ("kind", "text", "line"),
    [
        ("slack", "", "too few lines: expected url"),
        ("telegram", "KEY", "too few lines: expected token, then chat_id"),
        ("slack", "KEY\nKEY", "more lines than url"),
        ("slack", "{KEY", "begins like JSON, but is none"),
        ("fax", "KEY", "--type fax: expected one of slack, discord, telegram, webhook"),
    ],
)
def test_what_cannot_be_read_is_one_line_without_it(
    monkeypatch: pytest.MonkeyPatch, kind: str, text: str, line: str
) -> None:
    with pytest.raises(ToolError, match=line) as error:
        piped(monkeypatch, kind, text)

    assert "KEY" not in str(error.value)


def test_on_a_terminal_each_field_is_asked_for_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return f" {len(asked)} "

    monkeypatch.setattr("sys.stdin", Input("", terminal=True))
    monkeypatch.setattr("getpass.getpass", answer)

    assert questions.definition("telegram") == {
        "type": "telegram",
        "token": "1",
        "chat_id": "2",
    }
    assert asked == ["Bot token: ", "Chat id: "]


def test_every_type_that_there_is_can_be_asked_for() -> None:
    asked = {name for kind in DEFINITIONS for name in DEFINITIONS[kind]} - {"type"}

    assert asked == questions.ASKED.keys()
