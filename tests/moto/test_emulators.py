"""What docs/emulators.md says that moto ignores: a test that fails here has found
something that it has learnt, and the table wants mending.

All of it happens in a region of its own, where no environment is.
"""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.openapi import document
from tests.moto.clients import ACCOUNT, Clients, clients_of

REGION = "eu-west-1"
FUNCTION = "ignored"
FAR_TOO_MANY = 100_000
COUNTED: dict[str, Any] = {
    "Namespace": "Tests",
    "MetricName": "Counted",
    "Statistic": "Sum",
    "Period": 10,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 0,
    "EvaluationPeriods": 1,
}


@pytest.fixture(scope="module")
def elsewhere(endpoint_url: str) -> Clients:
    return clients_of(endpoint_url, region=REGION)


@pytest.fixture(scope="module")
def role(elsewhere: Clients) -> Iterator[str]:
    """One that trusts nobody. Roles are of no region: it goes when the tests do."""
    iam = elsewhere("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=FUNCTION, AssumeRolePolicyDocument=trust)["Role"]
    yield role["Arn"]
    iam.delete_role(RoleName=FUNCTION)


@pytest.fixture(scope="module")
def function(elsewhere: Clients, role: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", "")
    elsewhere("lambda").create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Role=role,
        Handler="handler.lambda_handler",
        Code={"ZipFile": packed.getvalue()},
        KMSKeyArn="arn:of:its:first:key",
        DeadLetterConfig={"TargetArn": "arn:of:a:queue"},
    )
    return FUNCTION


def test_an_imported_api_wants_no_key_and_validates_nothing(elsewhere: Clients) -> None:
    gateway = elsewhere("apigateway")
    api = gateway.create_rest_api(name="webhooks")["id"]
    body = document(title="webhooks", processor_uri="arn:of:a:function").encode()

    gateway.put_rest_api(restApiId=api, mode="overwrite", body=body)

    resources = gateway.get_resources(restApiId=api, embed=["methods"])["items"]
    (method,) = [
        resource["resourceMethods"]["POST"]
        for resource in resources
        if resource["path"] == "/webhooks/{exchange}"
    ]
    assert method["apiKeyRequired"] is False
    assert method.keys().isdisjoint({"requestValidatorId", "requestModels"})
    assert gateway.get_request_validators(restApiId=api)["items"] == []


def test_a_disabled_key_stops_nothing_not_even_its_own_use(elsewhere: Clients) -> None:
    kms, sqs, sns = elsewhere("kms"), elsewhere("sqs"), elsewhere("sns")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    encrypted = {"KmsMasterKeyId": key}
    queue = sqs.create_queue(QueueName="encrypted", Attributes=encrypted)["QueueUrl"]
    topic = sns.create_topic(Name="encrypted", Attributes=encrypted)["TopicArn"]

    kms.disable_key(KeyId=key)

    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.encrypt(KeyId=key, Plaintext=b"taken")
    sqs.send_message(QueueUrl=queue, MessageBody="taken")
    sns.publish(TopicArn=topic, Message="taken")


def test_a_topic_policy_is_not_enforced(elsewhere: Clients) -> None:
    sns = elsewhere("sns")
    topic = sns.create_topic(Name="closed")["TopicArn"]
    denied = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})

    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy
    )

    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert json.loads(attributes["Policy"])["Statement"] == [denied]
    assert sns.publish(TopicArn=topic, Message="taken")["MessageId"]


def test_a_function_forgets_its_dead_letters_and_any_later_key(
    elsewhere: Clients, function: str
) -> None:
    lambda_ = elsewhere("lambda")

    lambda_.update_function_configuration(
        FunctionName=function, KMSKeyArn="arn:of:another:key"
    )

    found = lambda_.get_function_configuration(FunctionName=function)
    assert found["KMSKeyArn"] == "arn:of:its:first:key"
    assert "DeadLetterConfig" not in found


def test_concurrency_is_reserved_beyond_what_an_account_has(
    elsewhere: Clients, function: str
) -> None:
    lambda_ = elsewhere("lambda")

    lambda_.put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=FAR_TOO_MANY
    )

    with pytest.raises(ClientError, match="404"):
        lambda_.get_account_settings()


def test_an_alarm_tells_nobody(elsewhere: Clients) -> None:
    cloudwatch, sqs, sns = elsewhere("cloudwatch"), elsewhere("sqs"), elsewhere("sns")
    queue = sqs.create_queue(QueueName="listening")["QueueUrl"]
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:listening"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    cloudwatch.put_metric_alarm(AlarmName="alarm", AlarmActions=[topic], **COUNTED)

    told = {"AlarmName": "alarm", "StateReason": "Told so."}
    cloudwatch.set_alarm_state(**told, StateValue="ALARM")

    sns.publish(TopicArn=topic, Message="By hand.")
    (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(message["Body"])["Message"] == "By hand."
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["alarm"])["MetricAlarms"]
    assert (alarm["StateValue"], alarm["AlarmActions"]) == ("ALARM", [topic])


def test_a_log_line_outlives_the_retention_of_its_group(elsewhere: Clients) -> None:
    logs, five_days_ago = elsewhere("logs"), time.time_ns() // 1_000_000 - 432_000_000
    logs.create_log_group(logGroupName="old")
    logs.put_retention_policy(logGroupName="old", retentionInDays=3)
    logs.create_log_stream(logGroupName="old", logStreamName="stream")

    logs.put_log_events(
        logGroupName="old",
        logStreamName="stream",
        logEvents=[{"timestamp": five_days_ago, "message": "old"}],
    )

    assert logs.filter_log_events(logGroupName="old")["events"]
