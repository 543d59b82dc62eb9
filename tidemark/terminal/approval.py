"""The question before a change that costs money or removes something."""

import sys

from tidemark.machine.errors import ToolError
from tidemark.terminal import console


def ask(question: str, *, approved: bool) -> None:
    """Return if it is `approved` already or the user types yes; raises ToolError."""
    if approved:
        return
    if not sys.stdin.isatty():
        raise ToolError(
            f"{question} Nobody is there to ask: AUTO_APPROVE=1 says yes beforehand."
        )
    prompt = f"{question} Only [bold]yes[/] does it: "
    answer = console.err.input(prompt, stream=sys.stdin)  # Ctrl-D is a no, too
    if answer.strip() != "yes":
        raise ToolError("Nothing was changed.")
