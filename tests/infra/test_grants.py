"""Who may use the key for what is encrypted with it. No emulator asks KMS.

A role of the account needs two things: the key's policy hands it to the account, and
the role's own policy lets it. A service without a role needs the key's policy alone.
"""

import json
from typing import Any

from tests.infra.synthesised import Stack, ref

KEY = ref("aws_kms_key", "key", "arn")
ACCOUNT = "${data.aws_caller_identity.account.account_id}"
READ = {"kms:Decrypt"}
WRITE = {"kms:Decrypt", "kms:GenerateDataKey"}
# What an action wants of the key with which its resource is encrypted.
WANTED = {
    "dynamodb:BatchGetItem": READ,
    "dynamodb:DescribeStream": READ,
    "dynamodb:GetRecords": READ,
    "dynamodb:GetShardIterator": READ,
    "dynamodb:ListStreams": READ,
    "dynamodb:PartiQLInsert": READ,  # the table's own key is made already
    "dynamodb:PartiQLSelect": READ,
    "dynamodb:PartiQLUpdate": READ,
    "dynamodb:PutItem": READ,
    "dynamodb:Query": READ,
    "kms:Decrypt": READ,
    "kms:GenerateDataKey": WRITE,
    "logs:CreateLogStream": set(),  # CloudWatch Logs encrypts for itself
    "logs:PutLogEvents": set(),
    "secretsmanager:GetSecretValue": READ,
    "sns:Publish": WRITE,
    "sqs:ChangeMessageVisibility": READ,
    "sqs:DeleteMessage": READ,
    "sqs:GetQueueAttributes": READ,
    "sqs:ReceiveMessage": READ,
    "sqs:SendMessage": WRITE,
}


def lets(stack: Stack, principal: dict[str, str]) -> dict[str, Any]:
    """The statement of the key's policy that is for this principal."""
    policy = json.loads(stack.one("aws_kms_key")["policy"])
    (found,) = (each for each in policy["Statement"] if each["Principal"] == principal)
    return dict(found)


def of_account(stack: Stack) -> dict[str, Any]:
    return lets(stack, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})


def test_every_function_may_use_the_key_for_all_that_it_may_do(local: Stack) -> None:
    functions = list(local.document["resource"]["aws_lambda_function"])

    lacking = [
        (function, action, use)
        for function in functions
        for action in local.may(function)
        for use in WANTED[action]
        if KEY not in local.may(function).get(use, set())
    ]

    assert len(functions) == 5
    assert lacking == []


def test_every_function_may_decrypt_its_environment(local: Stack) -> None:
    functions = local.document["resource"]["aws_lambda_function"]

    assert {each["kms_key_arn"] for each in functions.values()} == {KEY}
    assert [id_ for id_ in functions if KEY not in local.may(id_)["kms:Decrypt"]] == []


def test_the_key_heeds_the_policies_of_the_accounts_roles(local: Stack) -> None:
    account = of_account(local)

    assert set(account["Action"]) >= READ | WRITE
    assert account.keys() == {"Sid", "Effect", "Principal", "Action", "Resource"}


def test_whoever_deploys_may_grant_the_key_to_lambda_and_dynamodb(
    local: Stack,
) -> None:
    # Both work by grants, which they make in the name of who makes function or table.
    assert set(of_account(local)["Action"]) >= {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    }


def test_logs_may_use_the_key_for_every_log_group_there_is(aws: Stack) -> None:
    logs = lets(aws, {"Service": "logs.eu-central-1.amazonaws.com"})
    groups = {
        f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:{group['name']}"
        for group in aws.all("aws_cloudwatch_log_group")
    }

    condition = logs["Condition"]["StringEquals"]

    assert set(condition["kms:EncryptionContext:aws:logs:arn"]) == groups
    assert set(logs["Action"]) >= WRITE | {"kms:Encrypt", "kms:ReEncryptFrom"}


def test_every_alarm_has_a_way_to_a_topic_that_lets_it_in(local: Stack) -> None:
    reached = {
        topic
        for alarm in local.all("aws_cloudwatch_metric_alarm")
        for topic in alarm["alarm_actions"]
    }
    policy = local.one("aws_sns_topic_policy", arn=reached.pop())

    (statement,) = json.loads(policy["policy"])["Statement"]

    assert reached == set()
    assert statement == {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": policy["arn"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": ref("aws_sns_topic", "pipeline-errors", "owner")
            }
        },
    }


def test_alarms_may_use_the_key_of_the_topic_that_they_reach(local: Stack) -> None:
    alarms = lets(local, {"Service": "cloudwatch.amazonaws.com"})

    assert set(alarms["Action"]) == WRITE
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_only_the_topic_of_alerts_may_send_to_the_queue_of_notifications(
    local: Stack,
) -> None:
    queue = ("aws_sqs_queue", "notifications")
    policy = local.one("aws_sqs_queue_policy", queue_url=ref(*queue, "url"))

    (statement,) = json.loads(policy["policy"])["Statement"]

    topic = ref("aws_sns_topic", "trading-alerts", "arn")
    assert statement == {
        "Sid": "Topic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": ref(*queue, "arn"),
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }


def test_no_service_may_invoke_a_function_but_for_a_resource_of_ours(
    local: Stack,
) -> None:
    permissions = local.all("aws_lambda_permission", action="lambda:InvokeFunction")

    sources = [each["source_arn"] for each in permissions]

    assert len(permissions) == len(local.all("aws_lambda_permission"))
    # An ARN that another resource of the stack gives names our account.
    assert [source for source in sources if not source.startswith("${aws_")] == []
