"""Read the queues of a synthesised stack in the form of the SQS API, for the local
target.

Terraform's AWS provider needs 25 s to create a queue, but imports an existing queue at
once if it has exactly the planned attributes. Therefore the tool creates the queues
that `queues_to_make` returns, and the stack imports them from `queue_url`. This module
does not import cdktf.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT = "000000000000"

API_NAMES = {
    "delay_seconds": "DelaySeconds",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "kms_master_key_id": "KmsMasterKeyId",
    "max_message_size": "MaximumMessageSize",
    "message_retention_seconds": "MessageRetentionPeriod",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "redrive_policy": "RedrivePolicy",
    "visibility_timeout_seconds": "VisibilityTimeout",
}


@dataclass(frozen=True, slots=True)
class QueueToMake:
    """The arguments of one `CreateQueue` call."""

    name: str
    attributes: dict[str, str]
    tags: dict[str, str]


def queue_url(endpoint_url: str, name: str) -> str:
    """Return the URL that the local cloud gives the queue of that name."""
    return f"{endpoint_url}/{ACCOUNT}/{name}"


def queues_to_make(stack: Mapping[str, Any]) -> list[QueueToMake]:
    """Return the queues in `cdk.tf.json`, each after the queue that it redrives to."""
    (provider,) = stack["provider"]["aws"]
    (default_tags,) = provider["default_tags"]
    queues = stack["resource"]["aws_sqs_queue"]

    def arn(reference: re.Match[str]) -> str:
        name = queues[reference["id"]]["name"]
        return f"arn:aws:sqs:{provider['region']}:{ACCOUNT}:{name}"

    return [
        QueueToMake(
            name=queue["name"],
            attributes={
                api_name: re.sub(
                    r"\$\{aws_sqs_queue\.(?P<id>[^.]+)\.arn\}", arn, str(queue[name])
                )
                for name, api_name in API_NAMES.items()
                if name in queue
            },
            tags=default_tags["tags"],
        )
        for queue in sorted(
            queues.values(), key=lambda queue: "redrive_policy" in queue
        )
    ]
