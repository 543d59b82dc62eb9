from pathlib import Path

import pytest

from tidemark.machine.errors import ToolError
from tidemark.terraform import function_code


def test_packages_that_cannot_be_installed_are_one_line(checkout: Path) -> None:
    checkout.joinpath("requirements/lambda.txt").write_text("not a requirement !\n")

    with pytest.raises(
        ToolError, match=r"requirements/lambda\.txt cannot be installed"
    ):
        function_code.build()
