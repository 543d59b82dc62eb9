"""DynamoDB tables. The first part of their keys is the symbol."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from infra.encryption import Key
from infra.permissions import Allow
from infra.settings import Settings

BY_TIME = {"timestamp": "N"}
BY_RULE = {"rule_id": "S"}


class Table(Construct):
    """An on-demand table; with `stream`, it publishes each change with both images.

    `sorted_by` is the second part of the key, name to type; empty if there is none.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
        sorted_by: Mapping[str, str] = BY_TIME,
        stream: bool = False,
    ) -> None:
        super().__init__(scope, name)
        self.name = settings.name(name)
        table = DynamodbTable(
            self,
            "Default",
            name=self.name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="symbol",
            range_key=next(iter(sorted_by), None),
            attribute=[
                DynamodbTableAttribute(name=name, type=type_)
                for name, type_ in {"symbol": "S", **sorted_by}.items()
            ],
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=key.arn
            ),
            stream_enabled=stream,
            stream_view_type="NEW_AND_OLD_IMAGES" if stream else None,
        )
        self.stream_arn = table.stream_arn
        self.insert = Allow(("dynamodb:PartiQLInsert",), (table.arn,))
        self.update = Allow(("dynamodb:PartiQLUpdate",), (table.arn,))
        self.get = Allow(("dynamodb:BatchGetItem",), (table.arn,))
        self.put = Allow(("dynamodb:PutItem",), (table.arn,))
        self.select = Allow(("dynamodb:PartiQLSelect",), (table.arn,))
        self.query = Allow(("dynamodb:Query",), (table.arn,))
        self.read_stream = Allow(
            (
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
            ),
            (table.stream_arn,),
        )
        # Lambda requires this of a mapping's role; IAM cannot limit it to a resource.
        self.list_streams = Allow(
            ("dynamodb:ListStreams",),
            ("*",),
            exceptions={
                "dynamodb:ListStreams": "AWS checks it when the mapping is created"
            },
        )
