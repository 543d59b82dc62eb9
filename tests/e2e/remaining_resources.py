"""The resources that an account has, of the types that the stack creates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type Clients = Callable[[Any], Any]

# service, operation, key of the list in the response, key of the name
KINDS = (
    ("apigateway", "get_rest_apis", "items", "name"),
    ("apigateway", "get_api_keys", "items", "name"),
    ("apigateway", "get_usage_plans", "items", "name"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("dynamodb", "list_tables", "TableNames", None),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", None),
)


def missing_kinds(resources: list[str]) -> set[str]:
    """Return `service operation` of each kind that is not among these resources."""
    expected = {f"{service} {operation}" for service, operation, *_ in KINDS}
    found = {each.rpartition(" ")[0] for each in resources}
    return (expected | {"kms list_keys"}) - found


def check_none_remain(clients: Clients) -> bool:
    """Return True, or raise an AssertionError that names the resources."""
    remaining = remaining_resources(clients)
    assert remaining == []
    return True


def remaining_resources(clients: Clients) -> list[str]:
    """Return `service operation name` of each resource, where the operation lists it,
    without keys that await deletion.
    """
    return [
        f"{service} {operation} {_name(resource, name)}"
        for service, operation, listed, name in KINDS
        for resource in _response(clients, service, operation).get(listed, [])
    ] + [f"kms list_keys {key_id}" for key_id in _enabled_keys(clients("kms"))]


def _response(clients: Clients, service: str, operation: str) -> dict[str, Any]:
    call: Callable[[], dict[str, Any]] = getattr(clients(service), operation)
    return call()


def _name(resource: Any, name: str | None) -> str:
    return str(resource if name is None else resource[name])


def _enabled_keys(kms: KMSClient) -> Iterator[str]:
    aliases = kms.list_aliases()["Aliases"]
    # LocalStack lists the key that AWS manages for DynamoDB as a customer's key.
    managed = {
        alias["TargetKeyId"]
        for alias in aliases
        if alias["AliasName"].startswith("alias/aws/")
    }
    for key_id in {key["KeyId"] for key in kms.list_keys()["Keys"]} - managed:
        key = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        if key["KeyState"] != "PendingDeletion":
            yield key_id
