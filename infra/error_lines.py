"""Send the lines of functions' logs that report an error to `log-forwarder`."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_log_subscription_filter import (
    CloudwatchLogSubscriptionFilter,
)
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from infra.checkov_exceptions import add_exceptions
from infra.function import Function

PATTERN = "?ERROR ?Error ?error ?exception ?Exception"
NO_DEAD_LETTERS = {
    "CKV_AWS_116": "its lines stay in the logs; an alarm reports drops",
}


class ErrorLines(Construct):
    """Subscriptions of `to` to the error lines of every function in `of`.

    `to` must not be in `of`: it would receive its own lines in an endless loop.
    """

    def __init__(
        self, scope: Construct, id_: str, *, of: Sequence[Function], to: Function
    ) -> None:
        super().__init__(scope, id_)
        add_exceptions(to, NO_DEAD_LETTERS)
        for function in of:
            permission = LambdaPermission(
                self,
                f"{function.node.id}-permission",
                action="lambda:InvokeFunction",
                function_name=to.arn,
                principal="logs.amazonaws.com",
                source_arn=f"{function.log_group.arn}:*",
            )
            CloudwatchLogSubscriptionFilter(
                self,
                function.node.id,
                name=function.name,
                log_group_name=function.log_group.name,
                filter_pattern=PATTERN,
                destination_arn=to.arn,
                depends_on=[permission],
            )
