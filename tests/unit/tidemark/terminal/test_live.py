from collections.abc import Iterator

import pytest
from rich.console import Console

from tidemark.terminal import console, live

COLUMNS = ("venue", "symbol", "price", "state")
ROWS = [("kraken", "BTC-USD", "60250.1", "live \x1b[31m")]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    made = Console(width=80, force_terminal=True, record=True)
    monkeypatch.setattr(console, "err", made)
    yield made


def test_elsewhere_than_on_a_terminal_a_line_comes_every_ten_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "err", Console(stderr=True, width=200))
    clock = Clock()
    lines = live.Lines(clock)

    with lines.shown():
        lines.update(COLUMNS, ROWS)
        clock.now = 10
        lines.update(COLUMNS, ROWS)
        lines.update(COLUMNS, ROWS)

    said = capsys.readouterr().err
    assert said == "kraken BTC-USD: price 60250.1, state live \\x1b[31m\n"


def test_a_terminal_shows_a_table_in_its_place(terminal: Console) -> None:
    view = live.view()

    with view.shown():
        view.update(COLUMNS, ROWS)
        view.note("[red]connecting[/] again\x07")

    shown = terminal.export_text()
    assert "venue   symbol     price  state" in shown
    assert "live \\x1b[31m" in shown
    assert "[red]connecting[/] again\\x07" in shown


def test_elsewhere_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "err", Console(stderr=True, force_terminal=False))

    assert isinstance(live.view(), live.Lines)
