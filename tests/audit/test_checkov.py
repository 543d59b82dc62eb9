"""Every check that checkov has passes, or fails for a reason that `infra/` gives."""

from tests.audit.checkov import Judgement
from tests.audit.stack import Audited

# Of these kinds checkov has no check; a newer one may.
UNKNOWN = {
    "aws_api_gateway_api_key",
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_log_subscription_filter",
    "aws_kms_alias",
    "aws_lambda_event_source_mapping",
    "aws_lambda_function_event_invoke_config",
    "aws_sns_topic_subscription",
}
ROLES_POLICIES = {"CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_290", "CKV_AWS_355"}


def test_every_failed_check_has_its_reason_beside_the_resource(
    judgement: Judgement, stack: Audited
) -> None:
    assert judgement.failed - stack.exceptions == set()


def test_every_reason_is_for_a_check_that_fails(
    judgement: Judgement, stack: Audited
) -> None:
    assert stack.exceptions - judgement.failed == set()


def test_something_passed_of_every_kind_of_resource_that_checkov_knows(
    judgement: Judgement, stack: Audited
) -> None:
    passed = {address.split(".")[0] for address, _ in judgement.passed}

    assert set(stack.document["resource"]) - passed == UNKNOWN


def test_the_policies_of_roles_are_judged_too(
    judgement: Judgement, stack: Audited
) -> None:
    wanted = {
        (f"aws_iam_role_policy.{id_}", check)
        for id_ in stack.document["resource"]["aws_iam_role_policy"]
        for check in ROLES_POLICIES
    }

    assert wanted - judgement.passed == set()


def test_the_judge_is_the_checkov_that_is_locked(
    judgement: Judgement, locked: dict[str, str]
) -> None:
    # Where its dependencies do not fit, pip quietly takes a version years older.
    assert judgement.version == locked["checkov"]
