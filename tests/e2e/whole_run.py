"""Tests that judge what all others did. They come last; some want all to have run."""

from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def comes_last(item: pytest.Item) -> bool:
    return item.get_closest_marker("last") is not None


def out_of_place(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> list[pytest.Item]:
    """The tests that want a whole run, where only a part was chosen."""
    if _is_whole(config, items):
        return []
    return [item for item in items if item.get_closest_marker("whole_run")]


def _is_whole(config: pytest.Config, items: Sequence[pytest.Item]) -> bool:
    options = config.option
    chosen = options.keyword or options.markexpr or any("::" in a for a in config.args)
    return not chosen and {*HERE.glob("test_*.py")} <= {item.path for item in items}
