from typing import Any

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from constructs import Construct

from infra.checkov_exceptions import EXCEPTIONS, add_exceptions

REASONS = {"CKV_AWS_26": "its messages are public"}


def block(stack: TerraformStack, id_: str) -> dict[str, Any]:
    return dict(stack.to_terraform()["resource"]["aws_sns_topic"][id_])


def test_a_reason_is_in_the_comment_of_the_resource() -> None:
    stack = TerraformStack(App(), "stack")
    topic = SnsTopic(stack, "topic")

    add_exceptions(topic, REASONS)

    assert block(stack, "topic")["//"][EXCEPTIONS] == REASONS


def test_a_reason_given_for_a_construct_is_for_its_main_resource() -> None:
    stack = TerraformStack(App(), "stack")
    construct = Construct(stack, "alerts")
    topic = SnsTopic(construct, "Default")

    add_exceptions(construct, REASONS)

    assert block(stack, topic.friendly_unique_id)["//"][EXCEPTIONS] == REASONS


def test_terraform_sees_a_comment_and_nothing_else() -> None:
    stack = TerraformStack(App(), "stack")
    topic = SnsTopic(stack, "topic")
    before = block(stack, "topic")

    add_exceptions(topic, REASONS)

    after = block(stack, "topic")
    assert before.keys() == after.keys()
    assert {name for name in after if after[name] != before[name]} == {"//"}
