"""Ask before a change that costs money or removes something."""

import sys

from tidemark.machine.errors import ToolError
from tidemark.terminal import console


def ask(question: str, *, approved: bool) -> None:
    """Return if `approved` is set or the user types yes, else raise `ToolError`."""
    if approved:
        return
    if not sys.stdin.isatty():
        raise ToolError(
            f"{question} There is no terminal to ask on: set AUTO_APPROVE=1 to approve."
        )
    prompt = f"{question} Type [bold]yes[/] to confirm: "
    answer = console.err.input(prompt, stream=sys.stdin)  # Ctrl-D is a no, too
    if answer.strip() != "yes":
        raise ToolError("Nothing was changed.")
