"""Set the policy of a queue of the stack through SQS."""

from typing import TYPE_CHECKING, Any

from tidemark.terraform.premade.resource import Resource

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ARGUMENTS = ("policy", "queue_url")


def create(sqs: "SQSClient", queue_policy: Resource) -> dict[str, Any]:
    """Set the policy; return it for the state."""
    url, policy = (queue_policy.configured[name] for name in ("queue_url", "policy"))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return {"id": url, "queue_url": url}
