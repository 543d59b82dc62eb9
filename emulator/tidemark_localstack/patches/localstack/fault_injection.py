"""Inject faults on request.

LocalStack: carries out every call, as long as it runs.
AWS: throttles, refuses and kills now and then.
Here: tests ask for faults, one by one; none is active otherwise.

localstack/aws/handlers/, localstack/services/dynamodb/v2/provider.py
"""

import functools
from collections.abc import Callable
from typing import Any

from localstack.aws import handlers
from localstack.http import Resource
from localstack.services.dynamodb.v2.provider import DynamoDBProvider
from localstack.services.internal import get_internal_apis

from tidemark_localstack.executor import ProcessRuntimeExecutor
from tidemark_localstack.fault_injection import calls, invocations
from tidemark_localstack.fault_injection.page import Page
from tidemark_localstack.fault_injection.rules import PATH
from tidemark_localstack.functions.runtime_process import RuntimeProcess
from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    handlers.serve_custom_service_request_handlers.append(calls.before)
    handlers.run_custom_response_handlers.append(calls.after)
    get_internal_apis().add(Resource(PATH, Page()))
    wrap(ProcessRuntimeExecutor, "invoke", invocations.execute)
    wrap(RuntimeProcess, "invoke", invocations.invoke)
    wrap(RuntimeProcess, "end", invocations.end)
    RuntimeProcess.start = starting(RuntimeProcess.start)  # type: ignore[method-assign]
    wrap(DynamoDBProvider, "batch_execute_statement", calls.batch_execute_statement)


def starting(original: Callable[..., Any]) -> Any:
    """`wrap` is for methods of instances."""

    @functools.wraps(original)
    async def start(cls: Any, function: Any, scratch: Any) -> Any:
        return await invocations.start(original, cls, function, scratch)

    return classmethod(start)
