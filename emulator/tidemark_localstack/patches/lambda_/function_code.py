"""Keep the old code of a function while it is in use.

LocalStack: deletes it as soon as there is new code, while the old version still runs.
Here, as on AWS: the old version runs to its end; then the executor deletes its code.

localstack/services/lambda_/invocation/lambda_service.py
"""

from typing import Any

from localstack.services.lambda_.invocation import lambda_service

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(lambda_service, "destroy_code_if_not_used", keep)


def keep(code: Any, function: Any) -> None:
    """Leave it to `ProcessRuntimeExecutor.cleanup_version`."""
