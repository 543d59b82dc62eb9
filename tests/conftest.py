"""Rules for all tests: a time limit for each, readable assertions in helpers, and that
they can be interrupted.
"""

import signal
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# By tier. A test that takes longer fails, with the stacks of all threads. The limits
# are for tests that hang: on a busy machine others take twenty times as long.
TIME_LIMITS_S = {
    "unit": 120,
    "infra": 300,
    "integration": 600,
    "audit": 600,
    "e2e": 1800,
    "moto": 1800,
}
TIME_LIMIT_OF_OTHERS_S = 120

pytest.register_assert_rewrite(*(f"tests.{tier}" for tier in TIME_LIMITS_S))


def pytest_configure() -> None:
    """Undo that a script which starts the tests in its background ignores SIGINT: what
    they start would ignore it, too.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = item.path.relative_to(HERE).parts[0]
        limit_s = TIME_LIMITS_S.get(tier, TIME_LIMIT_OF_OTHERS_S)
        item.add_marker(pytest.mark.timeout(limit_s))
