"""Wait until a service has its operations.

LocalStack: marks a service as loaded a moment before its operations are registered. A
second request at that moment fails with "no such operation".

localstack/aws/handlers/service_plugin.py
"""

from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.handlers.service_plugin import ServiceLoader

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(ServiceLoader, "require_service", wait_for_operations)


def wait_for_operations(
    original: Any,
    loader: ServiceLoader,
    chain: Any,
    context: RequestContext,
    response: Any,
) -> None:
    original(loader, chain, context, response)
    if context.service:
        # The lock is held from the mark until the operations are registered.
        with loader.service_locks[context.service.service_name]:
            pass
