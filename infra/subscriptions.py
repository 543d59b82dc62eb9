"""Subscriptions of queues to topics, and the filter of alerts about the present."""

import json

from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from infra.messaging import Queue, Topic

# What a notification without the attribute is about is of the present, too.
OF_THE_PRESENT = json.dumps(
    {"stale": ["false", {"exists": False}]}, separators=(",", ":")
)


class QueueSubscription(Construct):
    """Send a topic's notifications about the present to a queue, as published.

    Nothing but this topic may send to the queue in the name of SNS.
    """

    def __init__(
        self, scope: Construct, id_: str, *, topic: Topic, queue: Queue
    ) -> None:
        super().__init__(scope, id_)
        statement = {
            "Sid": "Topic",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue.arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic.arn}},
        }
        policy = SqsQueuePolicy(
            self,
            "policy",
            queue_url=queue.url,
            policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        SnsTopicSubscription(
            self,
            "Default",
            topic_arn=topic.arn,
            protocol="sqs",
            endpoint=queue.arn,
            raw_message_delivery=True,
            filter_policy=OF_THE_PRESENT,
            depends_on=[policy],
        )
