"""LocalStack deletes a function's old code as soon as there is new code, while
invocations of the old version are still running, or have a process that is about to
start. Here the executor deletes it, once the last of them has ended.

localstack/services/lambda_/invocation/lambda_service.py
"""

from typing import Any

from localstack.services.lambda_.invocation import lambda_service

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(lambda_service, "destroy_code_if_not_used", keep)


def keep(code: Any, function: Any) -> None:
    """Leave it to `ProcessRuntimeExecutor.cleanup_version`."""
