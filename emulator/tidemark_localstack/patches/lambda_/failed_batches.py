"""Use the function's role to report a failed batch of a stream.

LocalStack: sends to the mapping's on-failure destination as the account itself.
AWS: sends with the role of the function, which therefore needs the permission.

localstack/services/lambda_/event_source_mapping/esm_worker_factory.py, pollers/
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker_factory import (
    EsmWorkerFactory,
)
from localstack.services.lambda_.event_source_mapping.pipe_utils import get_current_time
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import (
    StreamPoller,
)
from localstack.utils.aws.client_types import ServicePrincipal
from localstack.utils.aws.message_forwarding import send_event_to_target

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(EsmWorkerFactory, "get_esm_worker", pass_role_to_poller)
    wrap(StreamPoller, "send_events_to_dlq", send)


def pass_role_to_poller(original: Any, factory: Any) -> Any:
    worker = original(factory)
    worker.poller.tidemark_role = factory.function_role_arn
    return worker


def send(original: Any, poller: Any, shard_id: str, events: Any, context: Any) -> None:
    target = poller.stream_parameters.get("DeadLetterConfig", {}).get("Arn")
    if target is None or ":s3:" in target:
        original(poller, shard_id, events, context)
        return
    send_event_to_target(
        target_arn=target,
        event=poller.create_dlq_event(shard_id, events, context, get_current_time()),
        role=poller.tidemark_role,
        source_arn=poller.source_arn,
        source_service=ServicePrincipal.lambda_,
    )
