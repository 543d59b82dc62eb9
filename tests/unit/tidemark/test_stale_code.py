from typing import Any

from tidemark.stale_code import mended

OLD, NEW = "b2xk", "bmV3"


def state(*, known: str, running: str) -> dict[str, Any]:
    """A state with one function, and a queue beside it."""
    function = {"source_code_hash": known, "code_sha256": running}
    return {
        "serial": 7,
        "resources": [
            {"type": "aws_sqs_queue", "instances": [{"attributes": {"name": "q"}}]},
            {"type": "aws_lambda_function", "instances": [{"attributes": function}]},
        ],
    }


def test_code_that_lambda_refused_counts_as_not_there() -> None:
    assert mended(state(known=NEW, running=OLD)) == {
        **state(known=OLD, running=OLD),
        "serial": 8,
    }


def test_a_true_state_is_left_alone() -> None:
    assert mended(state(known=NEW, running=NEW)) is None


def test_no_state_needs_no_mending() -> None:
    assert mended({}) is None
