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
