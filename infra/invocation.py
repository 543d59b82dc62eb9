"""How Lambda handles the events of a function that is invoked asynchronously."""

from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import (
    LambdaFunctionEventInvokeConfig,
    LambdaFunctionEventInvokeConfigDestinationConfig,
    LambdaFunctionEventInvokeConfigDestinationConfigOnSuccess,
)
from constructs import Construct

from infra.function import Function
from infra.messaging import Topic


class AsynchronousInvocation(Construct):
    """Two retries within an hour; `on_success` is notified of each completed event.

    An event that fails all attempts goes to the function's own dead-letter queue.
    """

    def __init__(
        self, scope: Construct, id_: str, *, function: Function, on_success: Topic
    ) -> None:
        super().__init__(scope, id_)
        LambdaFunctionEventInvokeConfig(
            self,
            "Default",
            function_name=function.arn,
            maximum_retry_attempts=2,
            maximum_event_age_in_seconds=3600,
            destination_config=LambdaFunctionEventInvokeConfigDestinationConfig(
                on_success=LambdaFunctionEventInvokeConfigDestinationConfigOnSuccess(
                    destination=on_success.arn
                )
            ),
            depends_on=[function.policy],
        )
