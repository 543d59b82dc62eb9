"""Log lines and metrics that a function writes to standard output."""

import json
from typing import Any

import pytest

type Line = dict[str, Any]


def metrics_written(capsys: pytest.CaptureFixture[str]) -> Line:
    """Return the only set of metrics that was written since the last call."""
    (metrics,) = (line for line in _written(capsys) if "_aws" in line)
    return metrics


def lines_written(
    capsys: pytest.CaptureFixture[str], *, level: str | None = None
) -> list[Line]:
    """Return the log lines since the last call, of that level or of any."""
    lines = [line for line in _written(capsys) if "_aws" not in line]
    return [line for line in lines if level in (None, line.get("level"))]


def _written(capsys: pytest.CaptureFixture[str]) -> list[Line]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
