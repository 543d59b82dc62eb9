"""Record and count each request that LocalStack serves, and show both on pages.

LocalStack's open release checks no permissions and never calls KMS. The record says
what AWS would have checked.
"""

from collections import Counter
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.http import Request, Response
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header
from moto.sts.models import sts_backends

from tidemark_localstack.call_recording import traffic
from tidemark_localstack.call_recording.key_use import KEY_USE
from tidemark_localstack.call_recording.keys import key_of
from tidemark_localstack.call_recording.permissions import (
    Permission,
    Place,
    permissions,
)
from tidemark_localstack.call_recording.record import Call, of_this_cloud

# How LocalStack checks that the function of a log subscription exists.
NOT_ON_AWS = {("logs.amazonaws.com", "lambda:GetFunction")}
# The answers of these operations say how many rows were read.
READS = {"Query", "Scan"}


class Page:
    """The record as JSON, under `record.PATH`."""

    def on_get(self, request: Request) -> Response:
        return Response.for_json([asdict(call) for call in of_this_cloud().calls()])


class TrafficPage:
    """The number of calls as JSON, under `traffic.PATH`."""

    def on_get(self, request: Request) -> Response:
        calls = traffic.of_this_cloud().calls()
        return Response.for_json(
            [{**asdict(use), "calls": count} for use, count in calls.items()]
        )


def record(chain: object, context: Any, response: object) -> None:
    """Record and count the parsed request; a handler of LocalStack's chain."""
    if context.operation is None or (caller := caller_of(context)) is None:
        return
    principal, source = caller
    for (action, resource), statements in needed(context).items():
        call = Call(principal, action, resource, source)
        if context.operation.name not in READS:
            traffic.of_this_cloud().note(
                traffic.Use(principal, action, resource, statements)
            )
        if (principal, action) not in NOT_ON_AWS and of_this_cloud().note(call):
            record_use_of_key(call)


def count_rows(chain: object, context: Any, response: Any) -> None:
    """Count the answered query; a handler of LocalStack's chain."""
    if context.operation is None or context.operation.name not in READS:
        return
    rows = traffic.rows_read(response.data)
    if rows is not None and (caller := caller_of(context)):
        for action, resource in needed(context):
            traffic.of_this_cloud().note(traffic.Use(caller[0], action, resource, rows))


def needed(context: Any) -> Counter[Permission]:
    """Return the permissions that a parsed request needs."""
    return permissions(
        context.service.service_name,
        context.operation.name,
        context.service_request or {},
        Place(context.region, context.account_id),
    )


def caller_of(context: Any) -> tuple[str, str | None] | None:
    """Return a role, or a service and its source; None for users of the account."""
    key = access_key_of(context)
    if key and (role := role_of(key)):
        return role, None
    given = context.internal_request_params or {}
    if service := given.get("service_principal"):
        return f"{service}.amazonaws.com", given.get("source_arn")
    return None


def function_of(context: Any) -> str | None:
    """Return the name of the function that calls: its session of its role has it."""
    key = access_key_of(context)
    session = _session(key) if key else None
    return session.session_name if session else None


def access_key_of(context: Any) -> str | None:
    """Return the access key that signed the request."""
    key: str | None = extract_access_key_id_from_auth_header(context.request.headers)
    return key


def role_of(access_key: str) -> str | None:
    """Return the ARN of the assumed role that has this access key."""
    session = _session(access_key)
    return session.role_arn if session else None


@lru_cache(1024)
def _session(access_key: str) -> Any:
    sts = sts_backends[DEFAULT_AWS_ACCOUNT_ID]["aws"]
    return sts.get_assumed_role_from_access_key(access_key)


def record_use_of_key(call: Call) -> None:
    """Record the calls to KMS that AWS would derive from this call."""
    uses = KEY_USE.get(call.action)
    if uses and (key := key_of(call.resource)):
        for use in uses:
            derived = Call(call.principal, use, key, call.source, derived=True)
            of_this_cloud().note(derived)
