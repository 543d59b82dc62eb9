"""The matcher that the end-to-end tests hold their record of calls against."""

from dataclasses import replace
from typing import Any

import pytest

from tests.e2e.policies import allows, split
from tidemark_localstack.call_recording.record import Call

ROLE = "arn:aws:iam::000000000000:role/worker"
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:orders"
GROUP = "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/worker"
KEY = "arn:aws:kms:eu-west-1:000000000000:key/1234"
SEND = Call(ROLE, "sqs:SendMessage", QUEUE)
INVOKE = Call(
    "logs.amazonaws.com",
    "lambda:InvokeFunction",
    "arn:aws:lambda:eu-west-1:000000000000:function:forwarder",
    source=f"{GROUP}:*",
)


def policy(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def of_resource(**condition: Any) -> dict[str, Any]:
    return policy(
        Sid="Logs",
        Principal={"Service": "logs.amazonaws.com"},
        Action="lambda:InvokeFunction",
        Resource=INVOKE.resource,
        Condition=condition,
    )


@pytest.mark.parametrize("action", ["sqs:SendMessage", "sqs:Send*", "SQS:sendmessage"])
@pytest.mark.parametrize("resource", [QUEUE, "*", f"{QUEUE[:-1]}?"])
def test_a_role_may_do_what_its_policy_says(action: str, resource: str) -> None:
    assert allows(policy(Action=action, Resource=resource), SEND)
    assert allows(policy(Action=["a:B", action], Resource=["c", resource]), SEND)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:ReceiveMessage", QUEUE),
        ("sqs:SendMessageBatch", QUEUE),
        ("sqs:SendMessage", f"{QUEUE}-dlq"),
        ("sqs:SendMessage", QUEUE.upper()),
        ("sqs:SendMessage", f"{QUEUE}?"),
        ("sqs:Send.*", QUEUE),
    ],
)
def test_a_role_may_do_nothing_else(action: str, resource: str) -> None:
    assert not allows(policy(Action=action, Resource=resource), SEND)


def test_a_wildcard_in_a_resource_reaches_beyond_colons() -> None:
    put = Call(ROLE, "logs:PutLogEvents", f"{GROUP}:log-stream:2026/[$LATEST]1")

    assert allows(policy(Action="logs:PutLogEvents", Resource=f"{GROUP}:*"), put)


def test_a_deny_statement_overrides_every_allow() -> None:
    may = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    may_not = {"Effect": "Deny", "Action": "sqs:Send*", "Resource": "*"}

    assert allows({"Statement": may}, SEND)
    assert not allows({"Statement": [may, may_not]}, SEND)


def test_a_resource_policy_permits_a_service() -> None:
    assert allows(of_resource(), INVOKE)
    assert not allows(of_resource(), replace(INVOKE, principal="s3.amazonaws.com"))
    assert not allows(of_resource(), replace(INVOKE, principal=ROLE))


def test_a_trust_policy_names_no_resource() -> None:
    trust = policy(Principal={"Service": ["a", "b"]}, Action="sts:AssumeRole")

    assert allows(trust, Call("b", "sts:AssumeRole", ROLE))
    assert not allows(trust, Call("c", "sts:AssumeRole", ROLE))


@pytest.mark.parametrize("operator", ["ArnLike", "ArnEquals"])
@pytest.mark.parametrize("pattern", [f"{GROUP}:*", "arn:aws:logs:*:*:log-group:*"])
def test_a_service_may_act_for_a_source_that_matches_the_condition(
    operator: str, pattern: str
) -> None:
    assert allows(of_resource(**{operator: {"AWS:SourceArn": pattern}}), INVOKE)


@pytest.mark.parametrize(
    "pattern", ["arn:aws:logs:*", "arn:*", f"{GROUP}-2:*", "arn:aws:*:log-group:*"]
)
def test_a_wildcard_in_a_condition_stays_within_its_part_of_the_arn(
    pattern: str,
) -> None:
    assert not allows(of_resource(ArnLike={"aws:SourceArn": pattern}), INVOKE)


def test_a_condition_on_a_source_fails_without_one() -> None:
    condition = of_resource(ArnLike={"aws:SourceArn": "arn:*:*:*:*:*"})

    assert not allows(condition, replace(INVOKE, source=None))


def test_a_condition_may_be_on_the_account_of_the_source() -> None:
    ours = of_resource(StringEquals={"aws:SourceAccount": ["1", "000000000000"]})
    others = of_resource(StringEquals={"aws:SourceAccount": "1"})

    assert allows(ours, INVOKE)
    assert not allows(others, INVOKE)
    assert not allows(ours, replace(INVOKE, source=None))


def test_all_conditions_must_hold() -> None:
    both = of_resource(
        ArnLike={"aws:SourceArn": f"{GROUP}:*"},
        StringLike={"aws:SourceAccount": "1*"},
    )

    assert not allows(both, INVOKE)


@pytest.mark.parametrize(
    "unknown",
    [
        {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "desk"}}},
        {"Condition": {"Bool": {"aws:SourceAccount": "true"}}},
        {"NotAction": "sqs:*"},
        {"Principal": {"Federated": "x"}},
    ],
)
def test_an_unknown_element_of_a_policy_is_an_error(unknown: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        allows(policy(**unknown), SEND)


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": [ROLE]}, {"AWS": "arn:aws:iam::000000000000:root"}],
)
def test_a_key_policy_may_delegate_to_the_accounts_policies(principal: Any) -> None:
    decrypt = Call(ROLE, "kms:Decrypt", KEY)
    of_key = policy(Principal=principal, Action="kms:Decrypt", Resource="*")

    assert allows(of_key, decrypt)
    assert not allows(of_key, replace(decrypt, principal="logs.amazonaws.com"))


def test_a_policy_is_split_down_to_one_action_on_one_resource() -> None:
    two_by_two = policy(Action=["a:B", "a:C"], Resource=["x", "y"])

    parts = [part["Statement"] for part in split(two_by_two)]

    assert [(part["Action"], part["Resource"]) for part in parts] == [
        ("a:B", "x"),
        ("a:B", "y"),
        ("a:C", "x"),
        ("a:C", "y"),
    ]


def test_a_policy_is_split_by_principal() -> None:
    trust = policy(Principal={"Service": ["a", "b"]}, Action="sts:AssumeRole")

    parts = [part["Statement"]["Principal"] for part in split(trust)]

    assert parts == [{"Service": "a"}, {"Service": "b"}]
