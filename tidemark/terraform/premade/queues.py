"""Create a queue of the stack through SQS."""

from typing import TYPE_CHECKING, Any, cast

from tidemark.terraform.premade.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

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


def create(sqs: "SQSClient", queue: Resource) -> dict[str, Any]:
    """Create the queue, or update the one that exists; return it for the state."""
    name = queue.configured["name"]
    requested = {key: str(value) for key, value in queue.request(API_NAMES).items()}
    attributes = cast("Mapping[QueueAttributeNameType, str]", requested)
    try:
        made = sqs.create_queue(QueueName=name, Attributes=attributes, tags=queue.tags)
        url = made["QueueUrl"]
    except sqs.exceptions.QueueNameExists:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        sqs.tag_queue(QueueUrl=url, Tags=queue.tags)
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return {"id": url, "url": url, "arn": asked["Attributes"]["QueueArn"]}
