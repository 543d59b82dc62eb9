"""Deliver log events to subscribed functions asynchronously.

LocalStack: invokes the destination inside PutLogEvents, applies the second filter to
what passed the first, and fails after creating a stream in a group that has a filter,
so that the first logs of each execution environment are lost.
AWS: invokes each filter's destination asynchronously, as CloudWatch Logs, with the
events that passed that filter.

localstack/services/logs/provider.py
"""

import base64
import gzip
import json
import logging
from typing import Any

from localstack.aws.api.logs import InvalidParameterException
from localstack.aws.connect import connect_to
from localstack.utils.aws import arns
from localstack.utils.aws.client_types import ServicePrincipal
from moto.core.utils import unix_time_millis
from moto.logs.models import LogEvent, LogGroup, LogsBackend, LogStream

from tidemark_localstack.filter_pattern import parse
from tidemark_localstack.patches.patching import replace, wrap

LOG = logging.getLogger(__name__)


def apply() -> None:
    # moto's function, which LocalStack wraps with the one that fails.
    replace(LogGroup, "create_log_stream", LogGroup.create_log_stream.__wrapped__)
    replace(LogStream, "put_log_events", put_log_events)
    wrap(LogsBackend, "put_subscription_filter", put_subscription_filter)


def put_subscription_filter(
    original: Any, self: LogsBackend, *args: Any, **kwargs: Any
) -> Any:
    destination = kwargs.get("destination_arn") or args[3]
    if ":lambda:" not in destination:
        raise InvalidParameterException(
            f"The local cloud delivers logs to Lambda functions only: {destination}"
        )
    return original(self, *args, **kwargs)


def put_log_events(stream: LogStream, log_events: list[dict[str, Any]]) -> str:
    stream.last_ingestion_time = int(unix_time_millis())
    events = [LogEvent(stream.last_ingestion_time, event) for event in log_events]
    stream.events += events
    stream.stored_bytes += sum(len(event.message) for event in events)
    stream.upload_sequence_token += 1
    for subscription in stream.log_group.subscription_filters.values():
        pattern = parse(subscription.filter_pattern or "")
        if passed := [event for event in events if pattern.matches(event.message)]:
            deliver(stream, subscription, passed)
    return f"{stream.upload_sequence_token:056d}"


def deliver(stream: LogStream, subscription: Any, events: list[LogEvent]) -> None:
    destination = subscription.destination_arn
    parts = arns.parse_arn(destination)
    clients = connect_to(
        aws_access_key_id=parts["account"], region_name=parts["region"]
    )
    client = clients.lambda_.request_metadata(
        source_arn=f"{stream.log_group.arn}:*", service_principal=ServicePrincipal.logs
    )
    try:
        client.invoke(
            FunctionName=destination,
            InvocationType="Event",
            Payload=json.dumps(delivery(stream, subscription.name, events)),
        )
    except Exception:
        LOG.warning("Cannot deliver logs to %s", destination, exc_info=True)


def delivery(stream: LogStream, name: str, events: list[LogEvent]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"""
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": stream.account_id,
        "logGroup": stream.log_group.name,
        "logStream": stream.log_stream_name,
        "subscriptionFilters": [name],
        "logEvents": [
            {
                "id": f"{event.event_id:056d}",
                "timestamp": event.timestamp,
                "message": event.message,
            }
            for event in events
        ],
    }
    packed = gzip.compress(json.dumps(data).encode())
    return {"awslogs": {"data": base64.b64encode(packed).decode()}}
