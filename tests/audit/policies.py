"""Every policy of a stack as IAM gets it: references to resources become ARNs."""

import json
import re
from typing import Any

from tests.audit.stack import Audited

REFERENCE = re.compile(r"\$\{(?:data\.)?(\w+)\.[a-z-]+\.(\w+)\}")
ACCOUNT = "123456789012"
ARNS = {
    "aws_cloudwatch_log_group": "logs:us-east-1:{}:log-group:/aws/lambda/enricher",
    "aws_dynamodb_table": "dynamodb:us-east-1:{}:table/prices",
    "aws_iam_role": "iam::{}:role/enricher",
    "aws_kms_alias": "kms:us-east-1:{}:alias/tidemark",
    "aws_kms_key": "kms:us-east-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "aws_secretsmanager_secret": "secretsmanager:us-east-1:{}:secret:channels-a1b2c3",
    "aws_sns_topic": "sns:us-east-1:{}:errors",
    "aws_sqs_queue": "sqs:us-east-1:{}:dead-letters",
}
# In a key's policy `*` is that key, with its aliases, and a trust policy names no
# resource at all: parliament, made for policies of roles, is told what they are about.
OWN = {
    "aws_iam_role": ["aws_iam_role"],
    "aws_kms_key": ["aws_kms_key", "aws_kms_alias"],
}


def policies(stack: Audited) -> dict[str, str]:
    """Policies by the address of their resource, which may be what they are for."""
    return {
        address: _about(address, REFERENCE.sub(_value, value))
        for address, resource in stack.resources().items()
        for value in resource.values()
        if isinstance(value, str) and value.startswith('{"Version"')
    }


def _value(reference: re.Match[str]) -> str:
    kind, attribute = reference.groups()
    match attribute:
        case "arn":
            return _arn(kind)
        case "stream_arn":  # its last part is a time; parliament wants no colons there
            return f"{_arn(kind)}/stream/2026"
        case "account_id" | "owner":
            return ACCOUNT
    raise LookupError(reference[0])


def _arn(kind: str) -> str:
    return "arn:aws:" + ARNS[kind].format(ACCOUNT)


def _about(address: str, policy: str) -> str:
    document: dict[str, Any] = json.loads(policy)
    if own := OWN.get(address.split(".")[0]):
        for statement in document["Statement"]:
            statement["Resource"] = [_arn(kind) for kind in own]
    return json.dumps(document)
