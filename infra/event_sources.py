"""Event source mappings, each from a stream or a queue to a function."""

import json

from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingDestinationConfig,
    LambdaEventSourceMappingDestinationConfigOnFailure,
    LambdaEventSourceMappingFilterCriteria,
    LambdaEventSourceMappingFilterCriteriaFilter,
    LambdaEventSourceMappingScalingConfig,
)
from constructs import Construct

from infra.checkov_exceptions import add_exceptions
from infra.function import Function
from infra.messaging import Queue
from infra.settings import Settings
from infra.storage import Table

PARTIAL_FAILURES = ["ReportBatchItemFailures"]
# Without a limit, a record that the stream has dropped would never reach the queue.
STREAM_KEEPS_S = 86_400
# Messages of a queue in one batch.
LARGEST_WITHOUT_A_WINDOW = 10
NO_DEAD_LETTERS = {
    "CKV_AWS_116": "never invoked asynchronously; its queue has a DLQ",
}


class StreamMapping(Construct):
    """Send a table's inserts to a function, and abandoned batches to `on_failure`.

    By default a batch is retried for as long as the stream keeps its records, 24 hours.
    The function isolates bad records itself, so that only an outage makes it fail. The
    queue receives the positions of a batch in the stream, not its records.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        table: Table,
        function: Function,
        on_failure: Queue,
    ) -> None:
        super().__init__(scope, id_)
        inserts = json.dumps({"eventName": ["INSERT"]}, separators=(",", ":"))
        LambdaEventSourceMapping(
            self,
            "Default",
            event_source_arn=table.stream_arn,
            function_name=function.arn,
            starting_position="TRIM_HORIZON",
            batch_size=settings.stream_batch_size,
            maximum_batching_window_in_seconds=settings.stream_batch_window_s,
            parallelization_factor=settings.stream_parallelization,
            maximum_retry_attempts=settings.stream_retries,
            maximum_record_age_in_seconds=STREAM_KEEPS_S,
            bisect_batch_on_function_error=True,
            function_response_types=PARTIAL_FAILURES,
            filter_criteria=LambdaEventSourceMappingFilterCriteria(
                filter=[LambdaEventSourceMappingFilterCriteriaFilter(pattern=inserts)]
            ),
            destination_config=LambdaEventSourceMappingDestinationConfig(
                on_failure=LambdaEventSourceMappingDestinationConfigOnFailure(
                    destination_arn=on_failure.arn
                )
            ),
            depends_on=[function.policy],
        )


def queue_window_s(batch_size: int) -> int:
    """Return the shortest batching window that AWS accepts for a queue's batches."""
    return 0 if batch_size <= LARGEST_WITHOUT_A_WINDOW else 1


class QueueMapping(Construct):
    """Send a queue's messages to a function, in batches that wait for `window_s` to
    become full, or as long as AWS requires.

    Without a maximum concurrency, AWS polls more than the function's reserved
    concurrency allows, and is throttled.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        queue: Queue,
        function: Function,
        concurrency: int,
        batch_size: int,
        window_s: int = 0,
    ) -> None:
        super().__init__(scope, id_)
        LambdaEventSourceMapping(
            self,
            "Default",
            event_source_arn=queue.arn,
            function_name=function.arn,
            batch_size=batch_size,
            maximum_batching_window_in_seconds=max(
                window_s, queue_window_s(batch_size)
            ),
            function_response_types=PARTIAL_FAILURES,
            scaling_config=LambdaEventSourceMappingScalingConfig(
                maximum_concurrency=concurrency
            ),
            depends_on=[function.policy],
        )
        add_exceptions(function, NO_DEAD_LETTERS)
