"""API calls need the permissions that AWS documents."""

from typing import Any

import pytest

from tidemark_localstack.call_recording.permissions import Place, permissions

HERE = Place("eu-west-1", "000000000000")
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:orders"
TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders"
TOPIC = "arn:aws:sns:eu-west-1:000000000000:news"
SECRET = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:keys"
ROLE = "arn:aws:iam::000000000000:role/worker"
STREAM = f"{TABLE}/stream/2026-11-21T10:00:00.000"
FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:worker"


def asked(service: str, operation: str, **request: Any) -> set[tuple[str, str]]:
    return set(permissions(service, operation, request, HERE))


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("ChangeMessageVisibility", "sqs:ChangeMessageVisibility"),
        ("ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
        ("DeleteMessage", "sqs:DeleteMessage"),
        ("DeleteMessageBatch", "sqs:DeleteMessage"),
        ("GetQueueAttributes", "sqs:GetQueueAttributes"),
        ("ReceiveMessage", "sqs:ReceiveMessage"),
        ("SendMessage", "sqs:SendMessage"),
        ("SendMessageBatch", "sqs:SendMessage"),
    ],
)
def test_a_batch_of_messages_needs_the_permission_of_a_single_message(
    operation: str, action: str
) -> None:
    url = "http://localhost:4566/000000000000/orders"

    assert asked("sqs", operation, QueueUrl=url, Entries=[]) == {(action, QUEUE)}


@pytest.mark.parametrize("operation", ["Publish", "PublishBatch"])
def test_publishing_needs_a_permission_on_the_topic(operation: str) -> None:
    assert asked("sns", operation, TopicArn=TOPIC) == {("sns:Publish", TOPIC)}


def test_a_topic_can_be_given_as_target_arn() -> None:
    assert asked("sns", "Publish", TargetArn=TOPIC) == {("sns:Publish", TOPIC)}


@pytest.mark.parametrize("name", ["worker", FUNCTION])
def test_a_function_can_be_given_by_name_or_arn(name: str) -> None:
    invoked = asked("lambda", "Invoke", FunctionName=name)

    assert invoked == {("lambda:InvokeFunction", FUNCTION)}


@pytest.mark.parametrize("name", ["keys", SECRET])
def test_a_secret_can_be_given_by_name_or_arn(name: str) -> None:
    read = asked("secretsmanager", "GetSecretValue", SecretId=name)

    assert read == {("secretsmanager:GetSecretValue", SECRET)}


def test_assuming_a_role_needs_a_permission_on_the_role() -> None:
    assert asked("sts", "AssumeRole", RoleArn=ROLE) == {("sts:AssumeRole", ROLE)}


@pytest.mark.parametrize("name", ["orders", TABLE])
def test_a_table_can_be_given_by_name_or_arn(name: str) -> None:
    queried = asked("dynamodb", "Query", TableName=name)

    assert queried == {("dynamodb:Query", TABLE)}


def test_a_query_of_an_index_needs_a_permission_on_the_index_only() -> None:
    queried = asked("dynamodb", "Query", TableName="orders", IndexName="by-day")

    assert queried == {("dynamodb:Query", f"{TABLE}/index/by-day")}


def test_a_batch_of_keys_needs_a_permission_on_each_table() -> None:
    tables = {"orders": {"Keys": [{}]}, "people": {"Keys": [{}]}}

    read = asked("dynamodb", "BatchGetItem", RequestItems=tables)

    assert read == {
        ("dynamodb:BatchGetItem", TABLE),
        ("dynamodb:BatchGetItem", TABLE.replace("orders", "people")),
    }


@pytest.mark.parametrize("operation", ["DescribeStream", "GetShardIterator"])
def test_stream_operations_are_actions_of_dynamodb(operation: str) -> None:
    read = asked("dynamodbstreams", operation, StreamArn=STREAM)

    assert read == {(f"dynamodb:{operation}", STREAM)}


@pytest.mark.parametrize("region", ["eu-west-1", "ddblocal"])
def test_a_shard_iterator_names_its_stream(region: str) -> None:
    iterator = f"{STREAM.replace('eu-west-1', region)}|1|AAAAabc+/=="

    read = asked("dynamodbstreams", "GetRecords", ShardIterator=iterator)

    assert read == {("dynamodb:GetRecords", STREAM)}


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("""INSERT INTO "orders" VALUE {'id': ?}""", "dynamodb:PartiQLInsert"),
        ('UPDATE "orders" SET total = ? WHERE id = ?', "dynamodb:PartiQLUpdate"),
        ("update orders set total = ?\nwhere id = ?", "dynamodb:PartiQLUpdate"),
        ('DELETE FROM "orders" WHERE id = ?', "dynamodb:PartiQLDelete"),
        ('SELECT * FROM "orders" WHERE id = ?', "dynamodb:PartiQLSelect"),
        ("SELECT total,\n id\nFROM orders", "dynamodb:PartiQLSelect"),
        ('EXISTS(SELECT * FROM "orders" WHERE id = ?)', "dynamodb:PartiQLSelect"),
    ],
)
def test_a_partiql_statement_names_its_action_and_table(
    statement: str, action: str
) -> None:
    executed = asked("dynamodb", "ExecuteStatement", Statement=statement)

    assert executed == {(action, TABLE)}


def test_a_partiql_statement_can_read_an_index() -> None:
    statement = 'SELECT * FROM "orders"."by-day" WHERE day = ?'

    executed = asked("dynamodb", "ExecuteStatement", Statement=statement)

    assert executed == {("dynamodb:PartiQLSelect", f"{TABLE}/index/by-day")}


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        ("BatchExecuteStatement", "Statements"),
        ("ExecuteTransaction", "TransactStatements"),
    ],
)
def test_each_statement_of_a_batch_needs_its_own_permission(
    operation: str, parameter: str
) -> None:
    texts = ['INSERT INTO "orders" VALUE ?', 'UPDATE "people" SET a = ?']
    statements = [{"Statement": text, "Parameters": []} for text in texts * 2]

    executed = asked("dynamodb", operation, **{parameter: statements})

    assert executed == {
        ("dynamodb:PartiQLInsert", TABLE),
        ("dynamodb:PartiQLUpdate", TABLE.replace("orders", "people")),
    }


def test_each_part_of_a_transaction_needs_its_own_permission() -> None:
    kinds = ("Put", "Update", "Delete", "ConditionCheck")
    parts = [{kind: {"TableName": "orders"}} for kind in kinds]

    written = asked("dynamodb", "TransactWriteItems", TransactItems=parts)

    assert written == {(f"dynamodb:{kind}Item", TABLE) for kind in kinds}


def test_a_statement_that_cannot_be_parsed_needs_an_action_that_no_policy_allows() -> (
    None
):
    executed = asked("dynamodb", "ExecuteStatement", Statement="DROP TABLE orders")

    assert executed == {("dynamodb:ExecuteStatement", "*")}


def test_an_unknown_operation_keeps_its_name() -> None:
    assert asked("s3", "GetObject", Bucket="b") == {("s3:GetObject", "*")}
