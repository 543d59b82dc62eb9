"""A fixture that reads a text as `tidemark read` does."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tidemark.commands.read import read

type Reader = Callable[..., "Printed"]
FIELDS = ("price", "timestamp", "volume", "side", "trade_id")


class Printed:
    """What the command printed: its ticks by FIELDS, its errors, its exit status."""

    def __init__(self, out: str, err: str, status: int) -> None:
        self.ticks = [_shown(json.loads(line)) for line in out.splitlines()]
        self.symbols = [json.loads(line)["symbol"] for line in out.splitlines()]
        self.err, self.status = err, status


def _shown(tick: Mapping[str, str]) -> str:
    return " ".join(tick.get(field, "-") for field in FIELDS)


@pytest.fixture
def reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Reader:
    def run(name: str, text: str, **settings: str) -> Printed:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        status = read([str(path)], settings)
        captured = capsys.readouterr()
        return Printed(captured.out, captured.err, status)

    return run
