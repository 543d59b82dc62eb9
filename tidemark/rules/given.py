"""A rule that a user gives: as JSON in a file or on standard input, or as options."""

import sys
from collections.abc import Mapping
from pathlib import Path

from services.market import exact_json
from services.market.errors import InvalidValue
from services.rules.rule import Rule, read_rule
from tidemark.machine.errors import ToolError
from tidemark.terminal.visible import visible

STANDARD_INPUT = "-"


def read(name: str) -> Rule:
    """The rule in a file, or on standard input with `-`. Raises `ToolError`."""
    if name == STANDARD_INPUT:
        return parse(_text(sys.stdin.buffer.read(), "standard input"), "standard input")
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise ToolError(
            f"{visible(name)} cannot be read: {error.strerror}. A rule is a file of "
            "JSON, - for standard input, or SYMBOL ID with options such as --above."
        ) from error
    return parse(_text(data, name), name)


def parse(text: str, label: str) -> Rule:
    """The rule in JSON; `label` says in errors where it is from. Raises `ToolError`."""
    try:
        given = exact_json.loads(text)
    except InvalidValue as error:
        problem = error.reason.removeprefix("body: ")
        raise ToolError(visible(f"{label}: {problem}")) from error
    if isinstance(given, exact_json.Ambiguous):
        raise ToolError(visible(f"{label}: is {given!r}"))
    if not isinstance(given, dict):
        raise ToolError(visible(f"{label}: is not a JSON object, which a rule is"))
    return checked(given, label)


def checked(fields: Mapping[str, object], label: str = "") -> Rule:
    """The rule of the fields, as data-processor reads it. Raises `ToolError`."""
    try:
        return read_rule(fields)
    except InvalidValue as error:
        where = f"{label}: " if label else ""
        raise ToolError(visible(f"{where}{error.reason}.")) from error


def _text(data: bytes, label: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ToolError(visible(f"{label}: is not UTF-8")) from error
