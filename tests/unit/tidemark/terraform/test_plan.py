import pytest

from tests.unit.tidemark.plans import change, created, plan
from tidemark.terraform.plan import Plan

OLD = {"name": "a", "size": 1, "arn": "arn:a"}


def test_a_plan_is_one_line_a_resource_and_their_sum() -> None:
    lines = plan(
        created("aws_sqs_queue.new", name="new"),
        change("aws_sns_topic.same", "no-op", before=OLD, after=OLD),
        change("aws_sns_topic.old", "delete", before=OLD),
        change("data.aws_caller_identity.me", "read", after={}),
        change("aws_lambda_function.f", "update", before=OLD, after=OLD | {"size": 2}),
        change(
            "aws_api_gateway_deployment.d", "create", "delete", before=OLD, after={}
        ),
    ).lines()

    assert lines == [
        "  + aws_sqs_queue.new",
        "  - aws_sns_topic.old",
        "  ~ aws_lambda_function.f: size",
        "  ± aws_api_gateway_deployment.d",
        "1 to add, 1 to change, 1 to replace, 1 to remove",
    ]


@pytest.mark.parametrize(
    ("unknown", "changed"),
    [
        ({"arn": True}, ("arn",)),
        ({"tags": [{"x": {"y": True}}]}, ("tags",)),
        ({"environment": [{"variables": {}}], "tags": {}}, ()),
    ],
)
def test_what_is_only_known_after_the_apply_changes(
    unknown: dict[str, object], changed: tuple[str, ...]
) -> None:
    [read] = plan(
        change("x.y", "update", before=OLD, after=OLD, unknown=unknown)
    ).changes

    assert read.attributes == changed


def test_a_plan_without_changes_is_empty() -> None:
    nothing = plan(
        change("aws_sns_topic.same", "no-op", before=OLD, after=OLD), region="no-op"
    )

    assert nothing.empty
    assert nothing.lines() == ["Nothing to change."]


def test_a_new_output_alone_is_a_change() -> None:
    outputs = plan(region="create")

    assert not outputs.empty
    assert outputs.lines() == ["Only outputs change."]


def test_what_was_tainted_says_so() -> None:
    tainted = change("aws_sqs_queue.q", "delete", "create", before=OLD, after=OLD)

    assert plan(tainted | {"action_reason": "replace_because_tainted"}).lines() == [
        "  ± aws_sqs_queue.q: was created only in part",
        "1 to replace",
    ]


def test_a_replacement_names_what_makes_it_one() -> None:
    replaced = change(
        "aws_sqs_queue.q", "delete", "create", before=OLD, after={"name": "b"}
    )
    replaced["change"]["replace_paths"] = [["name"]]

    assert plan(replaced).lines()[0] == "  ± aws_sqs_queue.q: name"


def test_the_account_is_the_one_that_terraform_has_asked_for() -> None:
    identity = {"type": "aws_caller_identity", "values": {"account_id": "123456789012"}}
    asked = {"values": {"root_module": {"resources": [{"type": "x"}, identity]}}}

    assert Plan.read({"prior_state": asked}).account == "123456789012"
    assert Plan.read({}).account is None
