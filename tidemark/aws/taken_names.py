"""Find resources that already have a name which a plan would create.

AWS refuses most of these during the apply. For a queue or a topic it returns the
existing one without an error, although it belongs to somebody else; a dashboard it
overwrites.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from tidemark.aws.account import NoAnswer, reason
from tidemark.stored.clients import Clients
from tidemark.terraform.plan import Change, Plan

type Find = Callable[[Clients, str], Any]

ABSENT = {
    "AWS.SimpleQueueService.NonExistentQueue",
    "NoSuchEntity",
    "NotFound",
    "NotFoundException",
    "QueueDoesNotExist",
    "ResourceNotFound",
    "ResourceNotFoundException",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of resource whose names are unique in an account and region."""

    word: str
    attribute: str
    find: Find
    """Returns the resource, or a false value, or raises AWS's "not found"."""
    until: Callable[[Any], datetime | None] = lambda found: None
    """When it will be deleted, if its deletion is scheduled."""
    import_id: Callable[[Any], str | None] = lambda found: None
    """Terraform's id for its import, if that is not the name."""
    key_id: Callable[[Any], str] = lambda found: ""
    """The id of the key that an alias names."""


def _log_group(clients: Clients, name: str) -> list[Any]:
    groups = clients.of("logs").describe_log_groups(logGroupNamePrefix=name)
    return [e for e in groups.get("logGroups", []) if e["logGroupName"] == name]


def _mapping(clients: Clients, function: str) -> Any:
    # The stack has one of each function; Lambda refuses a second of the same source.
    asked = clients.of("lambda").list_event_source_mappings(FunctionName=function)
    return asked["EventSourceMappings"]


def _topic(clients: Clients, name: str) -> Any:
    account = clients.of("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:sns:{clients.settings.aws_region}:{account}:{name}"
    return clients.sns.get_topic_attributes(TopicArn=arn)


KINDS = {
    "aws_cloudwatch_dashboard": Kind(
        "dashboard",
        "dashboard_name",
        lambda clients, name: clients.cloudwatch.get_dashboard(DashboardName=name),
    ),
    "aws_cloudwatch_log_group": Kind("log group", "name", _log_group),
    "aws_dynamodb_table": Kind(
        "table",
        "name",
        lambda clients, name: clients.dynamodb.describe_table(TableName=name),
    ),
    "aws_iam_role": Kind(
        "role",
        "name",
        lambda clients, name: clients.of("iam").get_role(RoleName=name),
    ),
    "aws_kms_alias": Kind(
        "key",
        "name",
        lambda clients, name: clients.of("kms").describe_key(KeyId=name)["KeyMetadata"],
        until=lambda key: key.get("DeletionDate"),
        key_id=lambda key: key["KeyId"],
    ),
    "aws_lambda_event_source_mapping": Kind(
        "mapping of function",
        "function_name",
        _mapping,
        import_id=lambda mappings: mappings[0]["UUID"],
    ),
    "aws_lambda_function": Kind(
        "function",
        "function_name",
        lambda clients, name: clients.of("lambda").get_function(FunctionName=name),
    ),
    "aws_secretsmanager_secret": Kind(
        "secret",
        "name",
        lambda clients, name: clients.of("secretsmanager").describe_secret(
            SecretId=name
        ),
        until=lambda secret: secret.get("DeletedDate"),
    ),
    "aws_sns_topic": Kind(
        "topic",
        "name",
        _topic,
        import_id=lambda topic: topic["Attributes"]["TopicArn"],
    ),
    "aws_sqs_queue": Kind(
        "queue",
        "name",
        lambda clients, name: clients.sqs.get_queue_url(QueueName=name),
        import_id=lambda queue: queue["QueueUrl"],
    ),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A name that is taken; `until` is when its deletion is due, if it is scheduled."""

    word: str
    name: str
    until: datetime | None
    address: str = field(default="", compare=False)
    import_id: str = field(default="", compare=False)
    key_id: str = field(default="", compare=False)


def held(plan: Plan, clients: Clients) -> Iterator[Held | str]:
    """Yield each name that is taken, or a note where AWS did not answer."""
    names = wanted(plan)
    for change in plan.changes:
        if name := names.get(change.address):
            yield from _look(change, name, clients)


def wanted(plan: Plan) -> dict[str, str | None]:
    """The name that each address needs, or None where it is not known yet."""
    return {
        change.address: change.after.get(kind.attribute)
        for change in plan.changes
        if (kind := KINDS.get(change.kind)) and _needs_its_name(change, kind.attribute)
    }


def _needs_its_name(change: Change, attribute: str) -> bool:
    """Return True unless the resource that has the name is deleted first."""
    same = change.before.get(attribute) == change.after.get(attribute)
    frees_it = change.actions == ("delete", "create") and same
    return "create" in change.actions and not frees_it


def _look(change: Change, name: str, clients: Clients) -> Iterator[Held | str]:
    kind = KINDS[change.kind]
    try:
        found = kind.find(clients, name)
    except NoAnswer as error:
        if not _says_absent(error):
            yield f"Could not check whether {kind.word} {name} exists: {reason(error)}"
        return
    if found:
        yield Held(
            kind.word,
            name,
            kind.until(found),
            change.address,
            kind.import_id(found) or name,
            kind.key_id(found),
        )


def _says_absent(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in ABSENT


def problems(taken: list[Held]) -> Iterator[str]:
    """Yield a line for each way to solve it."""
    living = ", ".join(f"{held.word} {held.name}" for held in taken if not held.until)
    if living:
        yield (
            f"These exist already and are not in this state: {living}. If another "
            "checkout deployed them, use its state; if their state was lost, choose "
            "another ENVIRONMENT_SUFFIX."
        )
    for each in taken:
        if each.until:
            release = RELEASE[each.word].format(each.name)
            yield (
                f"The name {each.name} belongs to a {each.word} whose deletion is due "
                f"on {each.until:%Y-%m-%d}: {release}, or choose another "
                "ENVIRONMENT_SUFFIX."
            )


RELEASE = {
    "key": "`aws kms delete-alias --alias-name {}` releases it",
    "secret": "`aws secretsmanager restore-secret --secret-id {}` brings it back",
}
