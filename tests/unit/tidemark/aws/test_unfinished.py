import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tidemark.plans import change, created, plan
from tidemark.aws.taken_names import Held
from tidemark.aws.unfinished import Unfinished

QUEUE = created("aws_sqs_queue.q", name="q-dev")
MAPPING = created("aws_lambda_event_source_mapping.m", batch_size=25)
FOUND = Held("queue", "q-dev", None, "aws_sqs_queue.q", "https://q-dev")


@pytest.fixture
def unfinished(tmp_path: Path) -> Unfinished:
    return Unfinished(tmp_path)


def imports(unfinished: Unfinished) -> list[dict[str, Any]]:
    text = (unfinished.folder / "imports.tf.json").read_text()
    return list(json.loads(text)["import"])


def test_what_an_unfinished_apply_created_is_imported(unfinished: Unfinished) -> None:
    unfinished.begin(plan(QUEUE))

    assert unfinished.import_next([FOUND])
    assert imports(unfinished) == [{"to": "aws_sqs_queue.q", "id": "https://q-dev"}]


def test_what_is_found_later_is_imported_too(unfinished: Unfinished) -> None:
    mapping = Held("mapping", "f", None, "aws_lambda_event_source_mapping.m", "1-2")
    unfinished.begin(plan(QUEUE, MAPPING))
    unfinished.import_next([FOUND])

    assert unfinished.import_next([mapping])
    assert [each["id"] for each in imports(unfinished)] == ["https://q-dev", "1-2"]


def test_a_key_is_found_by_its_alias(unfinished: Unfinished) -> None:
    alias = created("aws_kms_alias.a", name="alias/dev")
    found = Held("key", "alias/dev", None, "aws_kms_alias.a", "alias/dev", "1-2")
    unfinished.begin(plan(created("aws_kms_key.k", description="Tidemark"), alias))

    assert unfinished.import_next([found])
    assert imports(unfinished) == [
        {"to": "aws_kms_alias.a", "id": "alias/dev"},
        {"to": "aws_kms_key.k", "id": "1-2"},
    ]


def test_a_second_unfinished_apply_adds_to_the_first(unfinished: Unfinished) -> None:
    unfinished.begin(plan(QUEUE))
    unfinished.begin(plan(created("aws_sns_topic.t", name="t-dev")))

    assert unfinished.import_next([FOUND])


@pytest.mark.parametrize(
    "found",
    [
        "Whether there is a queue q-dev is not known: AccessDenied",
        Held("queue", "other-dev", None, "aws_sqs_queue.q", "https://other-dev"),
        Held("queue", "q-dev", None, "aws_sqs_queue.another", "https://q-dev"),
        Held("queue", "q-dev", datetime.now(UTC), "aws_sqs_queue.q", "https://q-dev"),
    ],
)
def test_what_it_did_not_create_is_not_imported(
    unfinished: Unfinished, found: Held | str
) -> None:
    unfinished.begin(plan(QUEUE))

    assert not unfinished.import_next([found])


def test_after_an_apply_that_succeeded_nothing_is_imported(
    unfinished: Unfinished,
) -> None:
    unfinished.begin(plan(QUEUE))
    unfinished.import_next([FOUND])
    unfinished.end()

    assert not unfinished.import_next([FOUND])
    assert list(unfinished.folder.iterdir()) == []


def test_what_was_only_updated_is_not_imported(unfinished: Unfinished) -> None:
    same = {"name": "q-dev"}
    unfinished.begin(plan(change("aws_sqs_queue.q", "update", before=same, after=same)))

    assert not unfinished.import_next([FOUND])
