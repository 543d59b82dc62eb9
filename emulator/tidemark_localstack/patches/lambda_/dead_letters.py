"""Send failed events to a function's dead-letter queue as AWS does.

LocalStack: parses the event, so that its numbers change; invents a request id; sends
nothing if the event has expired.
AWS: sends the event unchanged, with the id and error of the failed invocation as
message attributes, and uses the function's role.

localstack/services/lambda_/invocation/event_manager.py, utils/aws/dead_letter_queue.py
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
import logging
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.utils.aws import arns
from localstack.utils.aws.client_types import ServicePrincipal

from tidemark_localstack.patches.patching import replace

LOG = logging.getLogger(__name__)

# AWS cuts the error message at 1 KB.
MAX_MESSAGE = 1024


def apply() -> None:
    replace(Poller, "process_dead_letter_queue", send)


def send(poller: Poller, sqs_invocation: Any, invocation_result: Any) -> None:
    config = poller.version_manager.function_version.config
    target = config.dead_letter_arn
    if not target:
        return
    body = sqs_invocation.invocation.payload.decode()
    attributes = error_attributes(
        sqs_invocation.invocation.request_id, invocation_result.payload
    )
    parts = arns.parse_arn(target)
    clients = connect_to.with_assumed_role(
        role_arn=config.role,
        service_principal=ServicePrincipal.lambda_,
        region_name=parts["region"],
    )
    try:
        if parts["service"] == "sqs":
            clients.sqs.send_message(
                QueueUrl=arns.sqs_queue_url_for_arn(target),
                MessageBody=body,
                MessageAttributes=attributes,
            )
        else:
            clients.sns.publish(
                TopicArn=target, Message=body, MessageAttributes=attributes
            )
    except Exception:
        LOG.error("Cannot send the failed event to %s", target, exc_info=True)


def error_attributes(request_id: str, result: bytes | None) -> dict[str, Any]:
    """Describe the error; without a result the event was throttled until it expired."""
    message = json.loads(result).get("errorMessage") if result else "Rate Exceeded."
    attributes = {
        "RequestID": ("String", request_id),
        "ErrorCode": ("Number", "200" if result else "429"),
        # An attribute must not be empty.
        "ErrorMessage": ("String", (message or "Unhandled")[:MAX_MESSAGE]),
    }
    return {
        name: {"DataType": kind, "StringValue": value}
        for name, (kind, value) in attributes.items()
    }
