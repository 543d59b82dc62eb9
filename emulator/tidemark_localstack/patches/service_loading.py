"""LocalStack notes that a service is loaded a moment before its operations are there,
and tells a second request of just that moment that there is no such operation.

localstack/aws/handlers/service_plugin.py
"""

from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.handlers.service_plugin import ServiceLoader

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(ServiceLoader, "require_service", until_its_operations_are_there)


def until_its_operations_are_there(
    original: Any,
    loader: ServiceLoader,
    chain: Any,
    context: RequestContext,
    response: Any,
) -> None:
    original(loader, chain, context, response)
    if context.service:
        # Held from that note until they are.
        with loader.service_locks[context.service.service_name]:
            pass
