import io
import sys

import pytest

from tidemark.machine.errors import ToolError
from tidemark.terminal import approval


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_approved_beforehand_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    approval.ask("Deploy?", approved=True)


def test_where_nobody_can_answer_the_way_out_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))

    with pytest.raises(ToolError, match=r"^Deploy\? .*AUTO_APPROVE=1"):
        approval.ask("Deploy?", approved=False)


def test_a_yes_on_a_terminal_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))

    approval.ask("Deploy?", approved=False)


@pytest.mark.parametrize("answer", ["\n", "y\n", "no\n", "Yes please\n", ""])
def test_anything_else_is_a_no(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))

    with pytest.raises(ToolError, match="Nothing was changed"):
        approval.ask("Deploy?", approved=False)
