"""Keep the tags of a new alarm.

LocalStack: drops them, so that each plan of Terraform sets them once more.
AWS: stores them when the alarm is created.

localstack/services/cloudwatch/provider_v2.py
"""

from typing import Any

from localstack.services.cloudwatch.provider_v2 import CloudwatchProvider
from localstack.utils.aws import arns

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(CloudwatchProvider, "put_metric_alarm", put_metric_alarm)


def put_metric_alarm(original: Any, self: Any, context: Any, request: Any) -> None:
    # As on AWS, the tags of an existing alarm do not change.
    arn = arns.cloudwatch_alarm_arn(
        request["AlarmName"],
        account_id=context.account_id,
        region_name=context.region,
    )
    store = self.get_store(context.account_id, context.region)
    is_new = arn not in store.alarms
    tags = request.pop("Tags", None)
    original(self, context, request)
    if tags and is_new:
        store.TAGS.tag_resource(arn, tags)
