"""SQS queues and SNS topics, encrypted with the environment's key.

What reaches them is a role of this account, which its own policy lets in. A service
that has no role, CloudWatch, needs a topic's own policy.
"""

import json

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from infra.encryption import Key
from infra.permissions import Allow
from infra.settings import Settings

MAX_RECEIVES = 5


class Queue(Construct):
    """A queue that keeps messages for `days`.

    With `dead_letters`, a message received 5 times moves there. Every attribute is
    spelt out, even where it is the default: see `premade_queues.py`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
        days: int,
        visibility_s: int = 30,
        dead_letters: "Queue | None" = None,
    ) -> None:
        super().__init__(scope, name)
        self.name = settings.name(name)
        queue = SqsQueue(
            self,
            "Default",
            name=self.name,
            delay_seconds=0,
            kms_data_key_reuse_period_seconds=300,
            kms_master_key_id=key.alias_name,
            max_message_size=262_144,
            message_retention_seconds=days * 86_400,
            receive_wait_time_seconds=0,
            redrive_policy=_redrive_to(dead_letters) if dead_letters else None,
            visibility_timeout_seconds=visibility_s,
            depends_on=[key.alias],
        )
        self.url = queue.url
        self.arn: str = queue.arn
        self.send = Allow(("sqs:SendMessage",), (queue.arn,))
        self.receive = Allow(
            (
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ),
            (queue.arn,),
        )


def _redrive_to(queue: Queue) -> str:
    policy = {"deadLetterTargetArn": queue.arn, "maxReceiveCount": MAX_RECEIVES}
    return json.dumps(policy, separators=(",", ":"))  # as AWS hands it back


class Topic(Construct):
    """A topic; `email` also receives what is published, once confirmed."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
        email: str | None = None,
    ) -> None:
        super().__init__(scope, name)
        topic = SnsTopic(
            self, "Default", name=settings.name(name), kms_master_key_id=key.arn
        )
        self._topic = topic
        self.arn: str = topic.arn
        self.publish = Allow(("sns:Publish",), (topic.arn,))
        if email:
            SnsTopicSubscription(
                self, "email", topic_arn=topic.arn, protocol="email", endpoint=email
            )

    def admit_alarms(self) -> SnsTopicPolicy:
        """Let the account's CloudWatch alarms publish; they wait for what is returned.

        It takes the place of the policy that SNS gives every topic.
        """
        statement = {
            "Sid": "Alarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": self.arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": self._topic.owner}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return SnsTopicPolicy(self, "policy", arn=self.arn, policy=policy)
