"""Entry points through which LocalStack loads this plugin; imports the rest lazily."""

from localstack.runtime import hooks
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutor(RuntimeExecutorPlugin):
    """`LAMBDA_RUNTIME_EXECUTOR=process`"""

    name = "process"

    def load(self, *args: object, **kwargs: object) -> type:
        from tidemark_localstack.executor import ProcessRuntimeExecutor

        return ProcessRuntimeExecutor


@hooks.on_infra_start()
def apply_patches() -> None:
    from tidemark_localstack.patches import apply_all

    apply_all()
