"""Publish alarms as CloudWatch.

LocalStack: publishes to an alarm's topic as the account itself.
AWS: CloudWatch publishes on behalf of the alarm, so the topic's policy must allow it.

localstack/services/cloudwatch/provider_v2.py
"""

import json
from functools import partial
from types import SimpleNamespace
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.cloudwatch import provider_v2

from tidemark_localstack.patches.patching import replace


def apply() -> None:
    replace(provider_v2, "connect_to", connect)


def connect(**given: Any) -> SimpleNamespace:
    """Return clients with the two services that the provider uses."""
    clients = connect_to(**given)
    sns = SimpleNamespace(publish=partial(publish, clients.sns))
    return SimpleNamespace(sns=sns, lambda_=clients.lambda_)


def publish(sns: Any, **notification: str) -> None:
    alarm = json.loads(notification["Message"])["AlarmArn"]
    cloudwatch = sns.request_metadata(service_principal="cloudwatch", source_arn=alarm)
    cloudwatch.publish(**notification)
