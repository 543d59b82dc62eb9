"""Order and selection of tests that check what all other tests did.

Tests with the marker `last` run last. Those with `needs_all_tests` run only if all
end-to-end tests were selected.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def runs_last(item: pytest.Item) -> bool:
    return item.get_closest_marker("last") is not None


def to_deselect(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> list[pytest.Item]:
    """Return the tests that need all others, if only some were selected."""
    if _all_are_selected(config, items):
        return []
    return [item for item in items if item.get_closest_marker("needs_all_tests")]


def _all_are_selected(config: pytest.Config, items: Sequence[pytest.Item]) -> bool:
    options = config.option
    filtered = (
        options.keyword or options.markexpr or any("::" in a for a in config.args)
    )
    return not filtered and {*HERE.glob("test_*.py")} <= {item.path for item in items}
