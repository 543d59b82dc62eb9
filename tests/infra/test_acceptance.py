from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from constructs import Construct

from infra.acceptance import ACCEPTED, accept


def reasons(construct: Construct) -> list[dict[str, str]]:
    return [each.data for each in construct.node.metadata if each.type == ACCEPTED]


def test_a_reason_is_kept_with_the_resource() -> None:
    topic = SnsTopic(TerraformStack(App(), "stack"), "topic")

    accept(topic, CKV_AWS_26="it tells no secrets")

    assert reasons(topic) == [{"CKV_AWS_26": "it tells no secrets"}]


def test_a_reason_given_for_a_construct_is_for_its_main_resource() -> None:
    construct = Construct(TerraformStack(App(), "stack"), "alerts")
    topic = SnsTopic(construct, "Default")

    accept(construct, CKV_AWS_26="it tells no secrets")

    assert reasons(topic) == [{"CKV_AWS_26": "it tells no secrets"}]


def test_terraform_sees_nothing_of_reasons() -> None:
    stack = TerraformStack(App(), "stack")
    topic = SnsTopic(stack, "topic")
    before = stack.to_terraform()

    accept(topic, CKV_AWS_26="it tells no secrets")

    assert stack.to_terraform() == before
