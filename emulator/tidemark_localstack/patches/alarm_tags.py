"""LocalStack forgets the tags that an alarm is made with, so that every plan wants them
back.

localstack/services/cloudwatch/provider_v2.py
"""

from typing import Any

from localstack.services.cloudwatch.provider_v2 import CloudwatchProvider
from localstack.utils.aws import arns

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(CloudwatchProvider, "put_metric_alarm", put_metric_alarm)


def put_metric_alarm(original: Any, self: Any, context: Any, request: Any) -> None:
    # The tags of an alarm that is there already are left alone, as on AWS.
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
