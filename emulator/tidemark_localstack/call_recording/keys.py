"""Look up the KMS key that a resource of this local cloud is encrypted with."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.utils.aws import arns


def key_of(resource: str) -> str | None:
    """Return the ARN of the key, or None if the resource is not encrypted with one."""
    parts = arns.parse_arn(resource)
    clients = connect_to(region_name=parts["region"])
    try:
        if key := KEYS[parts["service"]](clients, resource):
            return str(clients.kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    except ClientError:
        pass  # The resource or its key does not exist: the recorded call itself fails.
    return None


def key_of_queue(clients: Any, arn: str) -> Any:
    url, name = arns.sqs_queue_url_for_arn(arn), "KmsMasterKeyId"
    answer = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return answer.get("Attributes", {}).get(name)


def key_of_topic(clients: Any, arn: str) -> Any:
    attributes = clients.sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    return attributes.get("KmsMasterKeyId")


def key_of_table(clients: Any, arn: str) -> Any:
    name = arn.split("/")[1]  # Also of a stream or an index.
    table = clients.dynamodb.describe_table(TableName=name)["Table"]
    return table.get("SSEDescription", {}).get("KMSMasterKeyArn")


def key_of_secret(clients: Any, arn: str) -> Any:
    return clients.secretsmanager.describe_secret(SecretId=arn).get("KmsKeyId")


KEYS: dict[str, Callable[[Any, str], Any]] = {
    "dynamodb": key_of_table,
    "secretsmanager": key_of_secret,
    "sns": key_of_topic,
    "sqs": key_of_queue,
}
