"""Refuse payloads above Lambda's limits.

LocalStack: accepts any size.
AWS: accepts 6 MiB synchronously and 1 MiB asynchronously, and answers 413 above that.

localstack/services/lambda_/invocation/lambda_service.py
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from typing import Any

from localstack.aws.api.lambda_ import RequestTooLargeException
from localstack.services.lambda_.invocation.lambda_service import LambdaService

from tidemark_localstack.patches.patching import wrap

LARGEST_REQUEST = 6 * 2**20
LARGEST_EVENT = 2**20


def apply() -> None:
    wrap(LambdaService, "invoke", invoke)


def invoke(
    original: Any,
    service: LambdaService,
    *,
    invocation_type: str | None,
    payload: bytes | None,
    **options: Any,
) -> Any:
    kind = invocation_type or "RequestResponse"
    limit = LARGEST_EVENT if kind == "Event" else LARGEST_REQUEST
    size = len(payload or b"")
    if size > limit:
        raise RequestTooLargeException(
            f"{size} byte payload is too large for the {kind} invocation type "
            f"(limit {limit} bytes)",
            Type="User",
        )
    return original(
        service, invocation_type=invocation_type, payload=payload, **options
    )
