import io
import sys
from pathlib import Path

import pytest

from services.rules.rule import Rule
from tests.unit.rules.builders import level
from tidemark.machine.errors import ToolError
from tidemark.rules import given

RULE = '{"symbol": "BTC-USDT", "rule_id": "dear", "kind": "level", "above": 150}'


def from_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> Rule:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return given.read("-")


def test_a_rule_is_read_from_a_file_and_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dear.json"
    file.write_text(RULE, encoding="utf-8-sig")

    assert given.read(str(file)) == level()
    assert from_input(monkeypatch, RULE.encode()) == level()


def test_a_number_keeps_its_digits() -> None:
    exact = "0.1234567890123456789012345"

    rule = given.parse(RULE.replace("150", exact), "a file")

    assert rule == level(above=exact)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", r"^dear\.json: is not JSON \("),
        ("[]", r"^dear\.json: is not a JSON object"),
        ('{"a": 1, "a": 2}', r"^dear\.json: .* has the key 'a' more than once"),
        (RULE.replace("150", "NaN"), r"^dear\.json: above: NaN is no decimal"),
        (RULE.replace("above", "abvoe"), r"^dear\.json: abvoe: is no field of a level"),
        (RULE.replace("dear", "\\u001b[2J"), r"^dear\.json: rule_id: '\\x1b\[2J' is"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_file_and_the_field(
    text: str, problem: str
) -> None:
    with pytest.raises(ToolError, match=problem):
        given.parse(text, "dear.json")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"dear\.json cannot be read: No such file"):
        given.read(str(tmp_path / "dear.json"))


def test_a_file_that_is_no_text_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolError, match=r"^standard input: is not UTF-8"):
        from_input(monkeypatch, b"\xff\xfe{")
