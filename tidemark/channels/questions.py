"""Read the fields of a new channel: from a prompt, or from standard input.

They are secrets, so none of them is an argument, which other programs could see, and
none is shown while it is typed. Standard input has a JSON object of the fields, or one
field on each line, in their order.
"""

import getpass
import json
import sys
from typing import Any

from services.channels.registry import TYPES
from tidemark.machine.errors import ToolError

ASKED = {
    "url": "URL",
    "token": "Bot token",
    "chat_id": "Chat id",
    "secrets": "Signing secret (whsec_…)",
}


def definition(kind: str) -> dict[str, Any]:
    """The definition of a channel of that type, not validated yet."""
    if kind not in TYPES:
        raise ToolError(f"--type {kind}: expected one of {', '.join(TYPES)}")
    asked = [name for name in TYPES[kind].FIELDS if name in ASKED]
    if sys.stdin.isatty():
        fields = {name: getpass.getpass(f"{ASKED[name]}: ").strip() for name in asked}
    else:
        fields = read(sys.stdin.read(), asked)
    return {"type": kind, **fields}


def read(text: str, asked: list[str]) -> dict[str, Any]:
    """The fields in what was piped. Several secrets are as many lines."""
    if text.lstrip().startswith("{"):
        return _json(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < len(asked):
        names = ", then ".join(asked)
        raise ToolError(f"Standard input has too few lines: expected {names}.")
    fields: dict[str, Any] = dict(zip(asked, lines, strict=False))
    more = lines[len(asked) :]
    if more and asked[-1] != "secrets":
        raise ToolError(f"Standard input has more lines than {', '.join(asked)}.")
    return {**fields, **({"secrets": [fields["secrets"], *more]} if more else {})}


def _json(text: str) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(text)
    except ValueError:
        raise ToolError("Standard input begins like JSON, but is none.") from None
    return {name: value for name, value in fields.items() if name != "type"}
