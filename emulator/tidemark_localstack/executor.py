"""Runtime executor for LocalStack: runs functions as local processes."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localstack.services.lambda_.invocation.lambda_models import (
    FunctionVersion,
    InvocationResult,
)
from localstack.services.lambda_.invocation.lambda_service import is_code_used
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from tidemark_localstack.function_calls import endpoint
from tidemark_localstack.functions import loop
from tidemark_localstack.functions.environment import ExecutionEnvironment
from tidemark_localstack.functions.model import Function, Invocation, LogEvent
from tidemark_localstack.functions.variables import function_variables
from tidemark_localstack.settings import RUNTIME_PYTHON


@dataclass
class LoggedResult(InvocationResult):
    """An invocation result whose log is a list of events with their times."""

    events: tuple[LogEvent, ...] = ()


class ProcessRuntimeExecutor(RuntimeExecutor):
    """One execution environment; LocalStack sends it one invocation at a time."""

    def start(self, env_vars: dict[str, str]) -> None:
        # The process starts with the first event, as part of its duration.
        self._environment = ExecutionEnvironment(
            function_of(self.function_version, env_vars)
        )

    def stop(self) -> None:
        loop.run(self._environment.close())

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        invocation = Invocation(
            request_id=payload["invoke-id"],
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            payload=payload["payload"].encode(),
        )
        outcome = loop.run(self._environment.invoke(invocation))
        return LoggedResult(
            request_id=invocation.request_id,
            payload=outcome.reply.payload,
            is_error=outcome.reply.is_error,
            logs="".join(event.message for event in outcome.log),
            events=outcome.log,
        )

    def get_logs(self) -> str:
        return ""

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        if function_version.config.code is not None:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Delete the code of a version that ended. See `patches/lambda_`."""
        place, code = function_version.id, function_version.config.code
        functions = lambda_stores[place.account][place.region].functions
        function = functions.get(place.function_name)
        if code and not (function and is_code_used(code, function)):
            code.destroy()


def function_of(version: FunctionVersion, platform: dict[str, Any]) -> Function:
    """Convert LocalStack's function version and variables to a Function."""
    config = version.config
    python = Path(os.environ[RUNTIME_PYTHON])
    task_root = config.code.get_unzipped_code_location()
    return Function(
        version=version.id.qualifier,
        handler=config.handler,
        timeout_s=config.timeout,
        memory_mb=config.memory_size,
        python=python,
        task_root=task_root,
        variables=function_variables(
            {**platform, "AWS_ENDPOINT_URL": endpoint.url()},
            config.environment or {},
            task_root=task_root,
            python=python,
            runtime=config.runtime,
        ),
    )
