"""Rules that `conftest.py` imposes on tests."""

import os
import subprocess
import sys

import pytest


def test_a_unit_test_that_starts_a_program_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="move it to tests/integration"):
        subprocess.run([sys.executable, "-c", ""])


def test_a_unit_test_that_forks_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="move it to tests/integration"):
        os.fork()


def test_every_test_has_a_time_limit(request: pytest.FixtureRequest) -> None:
    unlimited = [
        item
        for item in request.session.items
        if item.get_closest_marker("timeout") is None
    ]

    assert unlimited == []
