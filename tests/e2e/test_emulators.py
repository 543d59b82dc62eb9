"""Statements of docs/emulators.md on the local cloud that no other test shows.

Many are on what the local cloud ignores. If such a test fails, the local cloud has
improved, and docs/emulators.md must change.
"""

import json
import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.e2e import identifiers
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.mailbox import Mailbox, subscriber
from tests.e2e.pipeline import Pipeline
from tests.e2e.throwaway import Throwaway
from tests.sockets import family, listeners, needs_proc

pytestmark = pytest.mark.local

DAY_MS = 86_400_000


@pytest.fixture
def throwaway(environment: Environment) -> Iterator[Throwaway]:
    with ExitStack() as undo:
        yield Throwaway(environment.clients, undo)


def test_a_disabled_key_does_not_block_what_it_encrypts(
    throwaway: Throwaway,
) -> None:
    clients, key = throwaway.clients, throwaway.key()
    encrypted = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    queue = throwaway.queue(KmsMasterKeyId=key)
    topic = throwaway.topic(KmsMasterKeyId=key)
    table = throwaway.table(SSESpecification=encrypted)
    group = throwaway.log_group(kmsKeyId=key)

    clients("kms").disable_key(KeyId=key)

    with pytest.raises(clients("kms").exceptions.DisabledException):
        clients("kms").encrypt(KeyId=key, Plaintext=b"")
    clients("sqs").send_message(QueueUrl=queue, MessageBody="taken")
    clients("sns").publish(TopicArn=topic, Message="taken")
    clients("dynamodb").put_item(TableName=table, Item={"symbol": {"S": "taken"}})
    _log(throwaway, group, age_ms=0)


def test_the_trust_and_the_denials_of_a_role_are_not_enforced(
    throwaway: Throwaway,
) -> None:
    who = "boto3.client('sts').get_caller_identity()['Arn']"
    tables = "boto3.client('dynamodb').list_tables()['TableNames']"
    function = throwaway.function(f"return [{who}, {tables}]")
    lambda_ = throwaway.clients("lambda")
    role = lambda_.get_function_configuration(FunctionName=function)["Role"]

    caller, found = _answer(throwaway, function)

    assert f":assumed-role/{role.rpartition('/')[-1]}/" in caller
    assert found


def test_a_topic_policy_is_not_enforced(throwaway: Throwaway) -> None:
    sns, topic = throwaway.clients("sns"), throwaway.topic()
    denied = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})

    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy
    )

    assert sns.publish(TopicArn=topic, Message="taken")["MessageId"]


def test_a_subscription_and_an_invocation_need_no_permission(
    throwaway: Throwaway,
) -> None:
    function = throwaway.function("return 'invoked'")
    lambda_ = throwaway.clients("lambda")
    described = lambda_.get_function_configuration(FunctionName=function)

    # AWS answers this with InvalidParameterException.
    throwaway.clients("logs").put_subscription_filter(
        logGroupName=throwaway.log_group(),
        filterName=function,
        filterPattern="",
        destinationArn=described["FunctionArn"],
    )

    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        lambda_.get_policy(FunctionName=function)


def test_a_function_runs_with_this_machines_python_processor_and_memory(
    throwaway: Throwaway,
) -> None:
    function = throwaway.function(
        "return [platform.python_version(), platform.machine(),"
        " context.memory_limit_in_mb, len(bytearray(400 << 20))]",
        Runtime="python3.12",
        Architectures=["arm64"],
        MemorySize=128,
    )

    version, machine, limit_mb, taken = _answer(throwaway, function)

    assert version.startswith("3.13.")
    assert machine == platform.machine()
    assert (limit_mb, taken) == ("128", 400 << 20)


def test_the_events_of_a_function_with_zero_concurrency_become_dead_letters(
    throwaway: Throwaway,
) -> None:
    queue = throwaway.queue()
    dead_letters = {"TargetArn": throwaway.queue_arn(queue)}
    function = throwaway.function("return 0", DeadLetterConfig=dead_letters)
    lambda_ = throwaway.clients("lambda")

    lambda_.put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=0
    )
    event = json.dumps({"id": identifiers.new_id()})
    lambda_.invoke(FunctionName=function, InvocationType="Event", Payload=event)

    mailbox = Mailbox(throwaway.clients("sqs"), queue, ours="")
    [message] = eventually(lambda: mailbox.find(""))
    assert message.body == event


def test_a_failing_event_is_retried_as_often_as_configured(
    throwaway: Throwaway,
) -> None:
    queue = throwaway.queue()
    dead_letters = {"TargetArn": throwaway.queue_arn(queue)}
    function = throwaway.function("1 / 0", DeadLetterConfig=dead_letters)
    lambda_, logs = throwaway.clients("lambda"), throwaway.clients("logs")

    lambda_.put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=1
    )
    lambda_.invoke(FunctionName=function, InvocationType="Event", Payload="{}")

    mailbox = Mailbox(throwaway.clients("sqs"), queue, ours="")
    eventually(lambda: mailbox.find(""))
    started = {"logGroupName": f"/aws/lambda/{function}", "filterPattern": "START"}

    def tries() -> int:
        return len(logs.filter_log_events(**started)["events"])

    eventually(lambda: tries() >= 2)
    assert tries() == 2


def test_a_failing_batch_of_inserts_is_retried_whole_and_sent_to_the_queue(
    throwaway: Throwaway,
) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    table = throwaway.table(StreamSpecification=stream)
    _put(throwaway, table, [{"symbol": {"S": name}} for name in "ABCD"])
    _put(throwaway, table, [{"symbol": {"S": "A"}, "modified": {"BOOL": True}}])
    queue = throwaway.queue()

    _map_stream(
        throwaway,
        table,
        throwaway.function("1 / 0"),
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        BisectBatchOnFunctionError=True,
        FilterCriteria={"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
        DestinationConfig={"OnFailure": {"Destination": throwaway.queue_arn(queue)}},
    )

    mailbox = Mailbox(throwaway.clients("sqs"), queue, ours="")
    [message] = eventually(lambda: mailbox.find(""))
    assert message.json["requestContext"]["approximateInvokeCount"] == 2
    # AWS halves it, down to one record each.
    assert message.json["DDBStreamBatchInfo"]["batchSize"] == 4


def test_a_message_above_the_size_limit_of_its_queue_is_refused(
    throwaway: Throwaway,
) -> None:
    sqs, queue = throwaway.clients("sqs"), throwaway.queue(MaximumMessageSize="1024")

    sqs.send_message(QueueUrl=queue, MessageBody=1024 * "x")

    with pytest.raises(sqs.exceptions.ClientError, match="InvalidParameterValue"):
        sqs.send_message(QueueUrl=queue, MessageBody=1025 * "x")


def test_a_received_message_is_hidden_for_the_visibility_timeout(
    throwaway: Throwaway,
) -> None:
    sqs, queue = throwaway.clients("sqs"), throwaway.queue(VisibilityTimeout="5")
    sqs.send_message(QueueUrl=queue, MessageBody="hide and seek")

    begin = time.monotonic()
    first = sqs.receive_message(QueueUrl=queue)
    eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))

    assert len(first["Messages"]) == 1
    assert time.monotonic() - begin > 4.9


def test_a_log_line_outlives_the_retention_of_its_group(throwaway: Throwaway) -> None:
    logs, group = throwaway.clients("logs"), throwaway.log_group()
    logs.put_retention_policy(logGroupName=group, retentionInDays=3)

    _log(throwaway, group, age_ms=5 * DAY_MS)

    assert logs.filter_log_events(logGroupName=group)["events"]


def test_an_alarm_on_a_metric_fires_and_one_on_an_expression_does_not(
    throwaway: Throwaway,
) -> None:
    cloudwatch, topic = throwaway.clients("cloudwatch"), throwaway.topic()
    namespace = identifiers.new_id()
    name = _alarm(throwaway, topic, _counted(namespace))
    never = _alarm(throwaway, topic, {"Metrics": _expression(namespace)})

    with subscriber(throwaway.clients, topic) as mailbox:
        # The alarm ends soon after the last count.
        eventually(
            lambda: (
                _counted_once_more(cloudwatch, namespace, mailbox)
                and _states(cloudwatch, name, never) == ["ALARM", "INSUFFICIENT_DATA"]
            )
        )


def test_an_api_key_admits_to_the_stages_of_its_usage_plan(
    pipeline: Pipeline, throwaway: Throwaway
) -> None:
    gateway, name = throwaway.clients("apigateway"), identifiers.new_id()
    key = gateway.create_api_key(name=name, enabled=True)
    throwaway.undo.callback(gateway.delete_api_key, apiKey=key["id"])
    headers = pipeline.headers | {"x-api-key": key["value"]}
    before = pipeline.post([], headers=headers)

    *_, api, stage, _ = pipeline.outputs["webhook_url"].split("/")
    plan = gateway.create_usage_plan(
        name=name, apiStages=[{"apiId": api, "stage": stage}]
    )["id"]
    throwaway.undo.callback(gateway.delete_usage_plan, usagePlanId=plan)
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")

    assert before.status_code == 403
    assert pipeline.post([], headers=headers).status_code == 202


@needs_proc
@pytest.mark.host
def test_the_local_cloud_listens_on_the_loopback_interface_only(
    environment: Environment,
) -> None:
    port = environment.settings.localstack_port
    # A child that is just being started shares its parent's sockets for a moment.
    gateways = {found.pid for found in listeners() if found.port == port}
    pids = {pid for gateway in gateways for pid in family(gateway)}

    found = [listener for listener in listeners() if listener.pid in pids]

    # The gateway, DynamoDB Local, and the runtime APIs of functions.
    assert len(found) > 2
    assert {listener.address for listener in found} <= {"127.0.0.1", "::1"}


def _answer(throwaway: Throwaway, function: str) -> Any:
    response = throwaway.clients("lambda").invoke(FunctionName=function)
    return json.loads(response["Payload"].read())


def _log(throwaway: Throwaway, group: str, *, age_ms: int) -> None:
    timestamp = time.time_ns() // 1_000_000 - age_ms
    throwaway.clients("logs").put_log_events(
        logGroupName=group,
        logStreamName="stream",
        logEvents=[{"timestamp": timestamp, "message": "taken"}],
    )


def _put(throwaway: Throwaway, table: str, items: list[dict[str, Any]]) -> None:
    requests = [{"PutRequest": {"Item": item}} for item in items]
    throwaway.clients("dynamodb").batch_write_item(RequestItems={table: requests})


def _map_stream(
    throwaway: Throwaway, table: str, function: str, **options: Any
) -> None:
    lambda_ = throwaway.clients("lambda")
    described = throwaway.clients("dynamodb").describe_table(TableName=table)
    mapping = lambda_.create_event_source_mapping(
        EventSourceArn=described["Table"]["LatestStreamArn"],
        FunctionName=function,
        **options,
    )
    throwaway.undo.callback(lambda_.delete_event_source_mapping, UUID=mapping["UUID"])


def _alarm(throwaway: Throwaway, topic: str, metric: dict[str, Any]) -> str:
    cloudwatch, name = throwaway.clients("cloudwatch"), identifiers.new_id()
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=0,
        EvaluationPeriods=1,
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
        **metric,
    )
    throwaway.undo.callback(cloudwatch.delete_alarms, AlarmNames=[name])
    return name


def _counted(namespace: str) -> dict[str, Any]:
    metric = {"Namespace": namespace, "MetricName": "Counted"}
    return {**metric, "Statistic": "Sum", "Period": 10}


def _expression(namespace: str) -> list[dict[str, Any]]:
    metric = {"Namespace": namespace, "MetricName": "Counted"}
    counted = {"Metric": metric, "Period": 10, "Stat": "Sum"}
    return [
        {"Id": "rate", "Expression": "100 * part / part", "ReturnData": True},
        {"Id": "part", "MetricStat": counted, "ReturnData": False},
    ]


def _states(cloudwatch: Any, *names: str) -> list[str]:
    alarms = cloudwatch.describe_alarms(AlarmNames=[*names])["MetricAlarms"]
    states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}
    return [states[name] for name in names]


def _counted_once_more(cloudwatch: Any, namespace: str, mailbox: Mailbox) -> bool:
    counted = [{"MetricName": "Counted", "Value": 1}]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=counted)
    return bool(mailbox.find("ALARM"))
