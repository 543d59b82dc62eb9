"""Resources that a test creates on the local cloud, removed after the test."""

import io
import json
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from tests.e2e.clients import Clients
from tests.e2e.identifiers import new_id

DENIED = {"Effect": "Deny", "Action": "*", "Resource": "*"}
HANDLER = """
import platform
import boto3

def lambda_handler(event, context):
    {body}
"""


@dataclass(frozen=True, slots=True)
class Throwaway:
    """Each method creates one resource and returns its URL, ARN or name."""

    clients: Clients
    undo: ExitStack

    def queue(self, **attributes: str) -> str:
        """Its URL."""
        sqs = self.clients("sqs")
        url = sqs.create_queue(QueueName=new_id(), Attributes=attributes)["QueueUrl"]
        self.undo.callback(sqs.delete_queue, QueueUrl=url)
        return str(url)

    def queue_arn(self, url: str) -> str:
        asked = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
        answer = self.clients("sqs").get_queue_attributes(**asked)
        return str(answer["Attributes"]["QueueArn"])

    def topic(self, **attributes: str) -> str:
        """Its ARN."""
        sns = self.clients("sns")
        arn = sns.create_topic(Name=new_id(), Attributes=attributes)["TopicArn"]
        self.undo.callback(sns.delete_topic, TopicArn=arn)
        return str(arn)

    def key(self) -> str:
        """Its ARN."""
        kms = self.clients("kms")
        arn = kms.create_key()["KeyMetadata"]["Arn"]
        self.undo.callback(kms.schedule_key_deletion, KeyId=arn)
        return str(arn)

    def table(self, **options: Any) -> str:
        """The name of a table keyed by `symbol`."""
        dynamodb = self.clients("dynamodb")
        described = dynamodb.create_table(
            TableName=new_id(),
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "symbol", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "symbol", "AttributeType": "S"}],
            **options,
        )
        name = str(described["TableDescription"]["TableName"])
        self.undo.callback(dynamodb.delete_table, TableName=name)
        return name

    def log_group(self, **options: str) -> str:
        """The name of a group with one stream, `stream`."""
        logs, name = self.clients("logs"), new_id()
        logs.create_log_group(logGroupName=name, **options)
        self.undo.callback(logs.delete_log_group, logGroupName=name)
        logs.create_log_stream(logGroupName=name, logStreamName="stream")
        return name

    def role(self) -> str:
        """The ARN of a role that trusts nobody and is denied everything."""
        iam, name = self.clients("iam"), new_id()
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document([]))[
            "Role"
        ]
        self.undo.callback(iam.delete_role, RoleName=name)
        policy = {"RoleName": name, "PolicyName": name}
        iam.put_role_policy(**policy, PolicyDocument=_document([DENIED]))
        self.undo.callback(iam.delete_role_policy, **policy)
        return str(role["Arn"])

    def function(self, body: str, **options: Any) -> str:
        """The name of a function of that one statement, with such a role."""
        lambda_, logs, name = (
            self.clients("lambda"),
            self.clients("logs"),
            new_id(),
        )
        lambda_.create_function(
            FunctionName=name,
            Role=self.role(),
            Handler="handler.lambda_handler",
            Code={"ZipFile": archive(body)},
            Timeout=60,
            **{"Runtime": "python3.13"} | options,
        )
        self.undo.callback(lambda_.delete_function, FunctionName=name)
        group = {"logGroupName": f"/aws/lambda/{name}"}
        logs.create_log_group(**group)
        self.undo.callback(logs.delete_log_group, **group)
        lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
        return name


def _document(statements: list[dict[str, str]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def archive(body: str) -> bytes:
    """A function's code: a handler of that one line."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("handler.py", HANDLER.format(body=body))
    return packed.getvalue()
