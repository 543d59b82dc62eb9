"""Everything of the stack's kinds that a cloud holds: nothing, after destroy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type Clients = Callable[[Any], Any]

# service, operation, where the answer lists, what names one
KINDS = (
    ("apigateway", "get_rest_apis", "items", "name"),
    ("apigateway", "get_api_keys", "items", "name"),
    ("apigateway", "get_usage_plans", "items", "name"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("dynamodb", "list_tables", "TableNames", None),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", None),
)


def check_nothing_is_left(clients: Clients) -> bool:
    """True, or an AssertionError that names what is there."""
    found = leftovers(clients)
    assert found == []
    return True


def leftovers(clients: Clients) -> list[str]:
    """`service name` of each resource; a key that awaits its deletion is gone."""
    return [
        f"{service} {_name(resource, name)}"
        for service, operation, listed, name in KINDS
        for resource in _ask(clients, service, operation).get(listed, [])
    ] + [f"kms {key_id}" for key_id in _living_keys(clients("kms"))]


def _ask(clients: Clients, service: str, operation: str) -> dict[str, Any]:
    ask: Callable[[], dict[str, Any]] = getattr(clients(service), operation)
    return ask()


def _name(resource: Any, name: str | None) -> str:
    return str(resource if name is None else resource[name])


def _living_keys(kms: KMSClient) -> Iterator[str]:
    aliases = kms.list_aliases()["Aliases"]
    # LocalStack calls the key that AWS would manage for DynamoDB a customer's.
    managed = {
        alias["TargetKeyId"]
        for alias in aliases
        if alias["AliasName"].startswith("alias/aws/")
    }
    for key_id in {key["KeyId"] for key in kms.list_keys()["Keys"]} - managed:
        key = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        if key["KeyState"] != "PendingDeletion":
            yield key_id
