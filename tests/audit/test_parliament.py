"""parliament finds nothing in any policy: unknown actions, resources that an action
does not have, conditions that never hold.

It judges what is allowed on what. To whom, it does not read: who may assume a role, use
the key or publish to a topic is held by `tests/infra`.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.policies import policies
from tests.audit.stack import Audited

type Parliament = Callable[[dict[str, str]], dict[str, list[str]]]


@pytest.fixture(scope="session")
def parliament(python: Path) -> Parliament:
    script = Path(__file__).with_name("parliament_findings.py")

    def findings(asked: dict[str, str]) -> dict[str, list[str]]:
        said = subprocess.run(
            [python, script],
            input=json.dumps(asked),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return dict(json.loads(said.stdout))

    return findings


def test_no_policy_gives_cause_for_a_finding(
    parliament: Parliament, stack: Audited
) -> None:
    findings = parliament(policies(stack))

    assert {name: found for name, found in findings.items() if found} == {}


def test_every_policy_there_is_was_read(stack: Audited) -> None:
    kinds = [address.split(".")[0] for address in policies(stack)]

    assert {kind: kinds.count(kind) for kind in kinds} == {
        "aws_iam_role": 5,
        "aws_iam_role_policy": 5,
        "aws_kms_key": 1,
        "aws_sns_topic_policy": 1,
        "aws_sqs_queue_policy": 1,
    }


@pytest.mark.parametrize(
    ("action", "resource", "issue"),
    [
        ("sqs:SendMesage", "arn:aws:sqs:us-east-1:123456789012:q", "UNKNOWN_ACTION"),
        (
            "sqs:SendMessage",
            "arn:aws:sns:us-east-1:123456789012:t",
            "RESOURCE_MISMATCH",
        ),
    ],
)
def test_what_is_wrong_in_a_policy_is_found(
    parliament: Parliament, action: str, resource: str, issue: str
) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    policy = {"Version": "2012-10-17", "Statement": [statement]}

    (finding,) = parliament({"wrong": json.dumps(policy)})["wrong"]

    assert finding.startswith(issue)
