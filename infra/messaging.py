"""SQS queues and SNS topics, encrypted with the environment's key.

The roles of this account send to them, and each role's own policy allows it. CloudWatch
has no role, so it needs a policy on the topic.
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

    With `dead_letters`, a message that was received 5 times moves there. Every
    attribute is set, even if it is the default: Terraform's defaults are not everywhere
    the service's own.
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
    return json.dumps(policy, separators=(",", ":"))  # as AWS returns it


class Topic(Construct):
    """A topic; `email` also receives what is published, once it is confirmed, or of
    that what passes the filter policy `email_filter`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
        email: str | None = None,
        email_filter: str | None = None,
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
                self,
                "email",
                topic_arn=topic.arn,
                protocol="email",
                endpoint=email,
                filter_policy=email_filter,
            )

    def admit_alarms(self) -> SnsTopicPolicy:
        """Allow the account's CloudWatch alarms to publish; return the policy to wait
        for.

        The policy replaces the one that SNS gives every topic.
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
