"""Create the queues of a stack shortly before Terraform imports them.

Terraform's provider needs 25 s to create one; see `infra/premade_queues.py`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from infra.premade_queues import QueueToMake, queues_to_make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType


def make(stack: Path, sqs: "SQSClient") -> None:
    """Create the queues of a synthesised stack, or update those that exist."""
    document = json.loads((stack / "cdk.tf.json").read_text())
    for queue in queues_to_make(document):
        _make(queue, sqs)


def _make(queue: QueueToMake, sqs: "SQSClient") -> None:
    attributes = cast("Mapping[QueueAttributeNameType, str]", queue.attributes)
    try:
        sqs.create_queue(QueueName=queue.name, Attributes=attributes, tags=queue.tags)
    except sqs.exceptions.QueueNameExists:
        url = sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        sqs.tag_queue(QueueUrl=url, Tags=queue.tags)
