import json
from typing import Any

import pytest

from infra.stack import FUNCTIONS
from tests.infra.synthesised import Stack, ref

ACCOUNT = "${data.aws_caller_identity.account.account_id}"
CRYPTOGRAPHY = {
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}


def statement(stack: Stack, sid: str) -> dict[str, Any]:
    policy = json.loads(stack.one("aws_kms_key")["policy"])
    (found,) = (found for found in policy["Statement"] if found["Sid"] == sid)
    return dict(found)


def test_the_key_rotates_and_can_be_deleted_within_a_week(local: Stack) -> None:
    key = local.one("aws_kms_key")

    assert key["enable_key_rotation"] is True
    assert key["deletion_window_in_days"] == 7


def test_the_key_has_its_alias(local: Stack) -> None:
    alias = local.one("aws_kms_alias", name="alias/tidemark-blue")

    assert alias["target_key_id"] == "${aws_kms_key.key.key_id}"


def test_the_account_and_three_services_may_use_the_key_and_nobody_else(
    aws: Stack,
) -> None:
    policy = json.loads(aws.one("aws_kms_key")["policy"])
    principals = {each["Sid"]: each["Principal"] for each in policy["Statement"]}

    assert principals == {
        "Account": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Logs": {"Service": "logs.eu-central-1.amazonaws.com"},
        "Alarms": {"Service": "cloudwatch.amazonaws.com"},
        "Notifications": {"Service": "sns.amazonaws.com"},
    }


@pytest.mark.parametrize("sid", ["Account", "Logs", "Alarms", "Notifications"])
def test_every_action_on_the_key_is_spelt_out(local: Stack, sid: str) -> None:
    granted = statement(local, sid)

    assert granted["Effect"] == "Allow"
    assert not [action for action in granted["Action"] if "*" in action]


WHAT_FOR = {
    "refresh": {
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
    },
    "apply again": {
        "kms:CreateAlias",
        "kms:DisableKeyRotation",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
    },
    "destroy": {"kms:DeleteAlias", "kms:ScheduleKeyDeletion"},
    "encrypt tables and functions, which use it by grant": {
        "kms:CreateGrant",
        "kms:ListGrants",
        "kms:RetireGrant",
        "kms:RevokeGrant",
    },
    "be used, by roles of the account and to move a table to another key": CRYPTOGRAPHY,
    "stop a leak, look into it, and take back a deletion, by hand": {
        "kms:CancelKeyDeletion",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:ListKeyPolicies",
        "kms:ListKeyRotations",
        "kms:RotateKeyOnDemand",
    },
}


def test_the_account_is_never_locked_out_and_each_action_is_for_something(
    local: Stack,
) -> None:
    account = statement(local, "Account")

    assert set(account["Action"]) == set().union(*WHAT_FOR.values())
    assert "Condition" not in account


def test_nobody_but_the_account_may_administer_the_key(local: Stack) -> None:
    policy = json.loads(local.one("aws_kms_key")["policy"])

    administrators = [
        each["Principal"]
        for each in policy["Statement"]
        if not set(each["Action"]) <= CRYPTOGRAPHY
    ]

    assert administrators == [{"AWS": f"arn:aws:iam::{ACCOUNT}:root"}]


def test_logs_may_use_the_key_for_our_groups_only(aws: Stack) -> None:
    groups = [
        f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/aws/lambda/{name}-blue"
        for name in FUNCTIONS
    ]

    assert set(statement(aws, "Logs")["Action"]) == CRYPTOGRAPHY
    assert statement(aws, "Logs")["Condition"] == {
        "StringEquals": {"kms:EncryptionContext:aws:logs:arn": groups}
    }


def test_the_groups_the_key_is_for_are_those_of_the_functions(local: Stack) -> None:
    functions = {f["function_name"] for f in local.all("aws_lambda_function")}

    assert functions == {f"{name}-blue" for name in FUNCTIONS}


def test_alarms_may_use_the_key_for_our_account_only(local: Stack) -> None:
    alarms = statement(local, "Alarms")

    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_sns_may_use_the_key_to_deliver_from_the_topic_of_alerts_only(
    aws: Stack,
) -> None:
    deliveries = statement(aws, "Notifications")
    topic = f"arn:aws:sns:eu-central-1:{ACCOUNT}:trading-alerts-blue"

    assert deliveries["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert deliveries["Condition"] == {
        "ArnEquals": {"aws:SourceArn": topic},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_the_topic_that_the_key_names_is_the_one_that_the_queue_subscribes(
    aws: Stack,
) -> None:
    subscription = aws.one("aws_sns_topic_subscription", protocol="sqs")
    topic = aws.one("aws_sns_topic", name="trading-alerts-blue")

    assert subscription["topic_arn"] == ref("aws_sns_topic", "trading-alerts", "arn")
    assert topic["kms_master_key_id"] == ref("aws_kms_key", "key", "arn")
