"""The environment's key, read back and compared with what is promised."""

import json
from typing import Any

from tests.moto.clients import ACCOUNT, REGION, Clients

GROUPS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda"


def policy(clients: Clients, key: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = clients("kms").get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    return {each["Sid"]: each for each in json.loads(found["Policy"])["Statement"]}


def test_the_key_is_the_customers_and_rotates(
    deployed: object, clients: Clients, key: dict[str, Any]
) -> None:
    rotation = clients("kms").get_key_rotation_status(KeyId=key["KeyId"])

    assert key["KeyManager"] == "CUSTOMER"
    assert key["KeyState"] == "Enabled"
    assert rotation["KeyRotationEnabled"] is True


def test_the_account_and_three_services_may_use_the_key_and_nobody_else(
    deployed: object, clients: Clients, key: dict[str, Any]
) -> None:
    principals = {sid: each["Principal"] for sid, each in policy(clients, key).items()}

    assert principals == {
        "Account": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Logs": {"Service": f"logs.{REGION}.amazonaws.com"},
        "Alarms": {"Service": "cloudwatch.amazonaws.com"},
        "Notifications": {"Service": "sns.amazonaws.com"},
    }


def test_the_account_can_do_what_terraform_must_and_no_statement_allows_everything(
    deployed: object, clients: Clients, key: dict[str, Any]
) -> None:
    actions = {sid: set(each["Action"]) for sid, each in policy(clients, key).items()}

    assert actions["Account"] >= {
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
    }
    assert [each for each in set.union(*actions.values()) if "*" in each] == []


def test_services_may_use_it_for_this_environment_alone(
    deployed: object, clients: Clients, key: dict[str, Any]
) -> None:
    found = policy(clients, key)

    assert [*found["Logs"]["Condition"].values()] == [
        {
            "kms:EncryptionContext:aws:logs:arn": [
                f"{GROUPS}/webhook-processor-blue",
                f"{GROUPS}/price-enricher-blue",
                f"{GROUPS}/data-processor-blue",
                f"{GROUPS}/notifier-blue",
                f"{GROUPS}/log-forwarder-blue",
            ]
        }
    ]
    assert found["Alarms"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT}
    }
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:trading-alerts-blue"
    assert found["Notifications"]["Condition"] == {
        "ArnEquals": {"aws:SourceArn": topic},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
