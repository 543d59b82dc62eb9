"""DynamoDB tables with the keys symbol and time."""

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


class Table(Construct):
    """An on-demand table; with `stream`, it publishes each change with both images."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
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
            range_key="timestamp",
            attribute=[
                DynamodbTableAttribute(name="symbol", type="S"),
                DynamodbTableAttribute(name="timestamp", type="N"),
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
