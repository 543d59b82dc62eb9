import json
from pathlib import Path

import pytest

from infra.archive import digest
from tidemark.machine.errors import ToolError
from tidemark.terraform import function_code

FILENAME = "assets/code-archive/latest/functions.zip"


@pytest.fixture
def service(checkout: Path) -> Path:
    return checkout / "services" / "handler.py"


def test_other_sources_have_another_key(service: Path) -> None:
    before = function_code.key()

    service.write_text("version = 2\n")

    assert function_code.key() != before


def test_the_place_of_a_syntax_error_is_named(service: Path) -> None:
    service.write_text("version = 1\nversion = (\n")

    with pytest.raises(
        ToolError, match=r"^services/handler.py:2: '\(' was never closed"
    ):
        function_code.build()


def test_each_function_of_a_stack_gets_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "functions.zip"
    archive.write_bytes(b"code")
    configuration = tmp_path / "dev" / "cdk.tf.json"
    configuration.parent.mkdir()
    function = {"filename": FILENAME, "source_code_hash": "old", "timeout": 60}
    stack = {"resource": {"aws_lambda_function": {"one": function, "two": function}}}
    configuration.write_text(json.dumps(stack))

    function_code.insert(configuration, archive)

    updated = function | {"source_code_hash": digest(archive)}
    assert json.loads(configuration.read_text()) == {
        "resource": {"aws_lambda_function": {"one": updated, "two": updated}}
    }
    assert configuration.parent.joinpath(FILENAME).read_bytes() == b"code"


def test_a_stack_without_functions_stays_as_it_is(tmp_path: Path) -> None:
    configuration = tmp_path / "cdk.tf.json"
    configuration.write_text('{"resource":  {}}')

    function_code.insert(configuration, tmp_path / "functions.zip")

    assert configuration.read_text() == '{"resource":  {}}'
