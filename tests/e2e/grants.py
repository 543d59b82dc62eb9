"""The deployed policies of roles and of resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.e2e.clients import Clients
from tests.e2e.policies import Policy, allows, split
from tidemark_localstack.call_recording.record import Call


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource, by the policy of `owner`: a role or a resource."""

    owner: str
    policy: Policy

    @property
    def name(self) -> str:
        return self.owner.rsplit("/", 1)[-1]

    @property
    def action(self) -> str:
        return str(self.policy["Statement"]["Action"])

    def covers(self, call: Call) -> bool:
        return self.owner in (call.principal, call.resource) and allows(
            self.policy, call
        )


@dataclass(frozen=True, slots=True)
class Grants:
    """All permissions in the account of the clients."""

    clients: Clients

    def allow(self, call: Call) -> bool:
        """Return True if every policy that decides on the call allows it."""
        return all(allows(policy, call) for policy in self._deciding(call))

    def of_roles(self) -> list[Grant]:
        return [
            Grant(role["Arn"], part)
            for role in self.clients("iam").list_roles()["Roles"]
            for part in split(self._of_role(role["Arn"]))
        ]

    def of_services(self) -> list[Grant]:
        """Return what services may do: assume roles, invoke functions, publish."""
        return [
            Grant(arn, part)
            for arn, policy in self._policies_of_resources()
            for part in split(policy)
            if "Service" in part["Statement"]["Principal"]
        ]

    def _deciding(self, call: Call) -> Iterator[Policy]:
        # A key's policy must allow a call even if the role's policy does.
        is_role = call.principal.startswith("arn:")
        if is_role:
            yield self._of_role(call.principal)
        if not is_role or call.action.startswith("kms:"):
            yield OF_RESOURCES[call.resource.split(":")[2]](self.clients, call.resource)

    def _of_role(self, arn: str) -> Policy:
        iam, role = self.clients("iam"), arn.rsplit("/", 1)[-1]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policies = [iam.get_role_policy(RoleName=role, PolicyName=n) for n in names]
        documents = [policy["PolicyDocument"] for policy in policies]
        return {
            "Statement": [s for document in documents for s in document["Statement"]]
        }

    def _policies_of_resources(self) -> Iterator[tuple[str, Policy]]:
        for service, operation, listed, arn_name in RESOURCES:
            client = self.clients(service)
            for resource in getattr(client, operation)()[listed]:
                arn = resource[arn_name]
                with suppress(
                    self.clients("lambda").exceptions.ResourceNotFoundException
                ):
                    yield arn, OF_RESOURCES[arn.split(":")[2]](self.clients, arn)


def _of_function(clients: Clients, arn: str) -> Policy:
    return _json(clients("lambda").get_policy(FunctionName=arn)["Policy"])


def _of_key(clients: Clients, arn: str) -> Policy:
    answer = clients("kms").get_key_policy(KeyId=arn, PolicyName="default")
    return _json(answer["Policy"])


def _of_queue(clients: Clients, arn: str) -> Policy:
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName=arn.rsplit(":", 1)[-1])["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    return _json(answer["Attributes"]["Policy"])


def _of_topic(clients: Clients, arn: str) -> Policy:
    answer = clients("sns").get_topic_attributes(TopicArn=arn)
    return _json(answer["Attributes"]["Policy"])


def _trust(clients: Clients, arn: str) -> Policy:
    role = clients("iam").get_role(RoleName=arn.rsplit("/", 1)[-1])["Role"]
    trust: Policy = role["AssumeRolePolicyDocument"]
    return trust


def _json(text: str) -> Policy:
    policy: Policy = json.loads(text)
    return policy


OF_RESOURCES: dict[str, Callable[[Clients, str], Policy]] = {
    "iam": _trust,
    "kms": _of_key,
    "lambda": _of_function,
    "sns": _of_topic,
    "sqs": _of_queue,
}
# service, operation, key of the list in the response, key of the ARN
RESOURCES: tuple[tuple[Any, str, str, str], ...] = (
    ("iam", "list_roles", "Roles", "Arn"),
    ("lambda", "list_functions", "Functions", "FunctionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
)
