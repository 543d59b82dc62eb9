"""LocalStack's open release lets everybody do everything, and asks KMS for nothing.
Here it is recorded who does what, so that policies can be held against it; the
record can be read on a page beside LocalStack's own.

localstack/aws/handlers/, localstack/services/internal.py, moto/sts/models.py
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws import handlers
from localstack.aws.connect import connect_to
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.http import Request, Resource, Response
from localstack.services.internal import get_internal_apis
from localstack.utils.aws import arns
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header
from moto.sts.models import sts_backends

from tidemark_localstack.call_record import PATH, Call, of_this_cloud
from tidemark_localstack.key_use import KEY_USE
from tidemark_localstack.permissions import Place, permissions

# How LocalStack sees that the function of a log subscription is there.
NOT_ON_AWS = {("logs.amazonaws.com", "lambda:GetFunction")}


def apply() -> None:
    handlers.serve_custom_service_request_handlers.append(record)
    get_internal_apis().add(Resource(PATH, Page()))


class Page:
    """The record, as its `PATH` says."""

    def on_get(self, request: Request) -> Response:
        return Response.for_json([asdict(call) for call in of_this_cloud().calls()])


def record(chain: object, context: Any, response: object) -> None:
    """A handler of LocalStack's chain: knows the request, before it is served."""
    if context.operation is None or (caller := caller_of(context)) is None:
        return
    principal, source = caller
    for action, resource in permissions(
        context.service.service_name,
        context.operation.name,
        context.service_request or {},
        Place(context.region, context.account_id),
    ):
        call = Call(principal, action, resource, source)
        if (principal, action) not in NOT_ON_AWS and of_this_cloud().note(call):
            record_use_of_key(call)


def caller_of(context: Any) -> tuple[str, str | None] | None:
    """A role, or a service with what it acts for; None for the account's users."""
    key = extract_access_key_id_from_auth_header(context.request.headers)
    if key and (role := role_of(key)):
        return role, None
    given = context.internal_request_params or {}
    if service := given.get("service_principal"):
        return f"{service}.amazonaws.com", given.get("source_arn")
    return None


@lru_cache(1024)
def role_of(access_key: str) -> str | None:
    sts = sts_backends[DEFAULT_AWS_ACCOUNT_ID]["aws"]
    session = sts.get_assumed_role_from_access_key(access_key)
    return session.role_arn if session else None


def record_use_of_key(call: Call) -> None:
    uses = KEY_USE.get(call.action)
    if uses and (key := key_of(call.resource)):
        for use in uses:
            derived = Call(call.principal, use, key, call.source, derived=True)
            of_this_cloud().note(derived)


def key_of(resource: str) -> str | None:
    """The ARN of the key that a resource is encrypted with."""
    parts = arns.parse_arn(resource)
    clients = connect_to(region_name=parts["region"])
    try:
        if key := KEYS[parts["service"]](clients, resource):
            return str(clients.kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    except ClientError:
        pass  # Neither is there: the call itself will say so.
    return None


def key_of_queue(clients: Any, arn: str) -> Any:
    url, name = arns.sqs_queue_url_for_arn(arn), "KmsMasterKeyId"
    answer = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return answer.get("Attributes", {}).get(name)


def key_of_topic(clients: Any, arn: str) -> Any:
    attributes = clients.sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    return attributes.get("KmsMasterKeyId")


def key_of_table(clients: Any, arn: str) -> Any:
    name = arn.split("/")[1]  # also of a stream and an index
    table = clients.dynamodb.describe_table(TableName=name)["Table"]
    return table.get("SSEDescription", {}).get("KMSMasterKeyArn")


KEYS: dict[str, Callable[[Any, str], Any]] = {
    "dynamodb": key_of_table,
    "sns": key_of_topic,
    "sqs": key_of_queue,
}
