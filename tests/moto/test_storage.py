"""The tables, read back and compared with what is promised."""

from typing import Any

import pytest

from tests.moto.clients import Clients

every_table = pytest.mark.parametrize("name", ["crypto-prices", "market-alerts"])


def table(clients: Clients, name: str) -> dict[str, Any]:
    return dict(clients("dynamodb").describe_table(TableName=f"{name}-blue")["Table"])


@every_table
def test_a_table_is_keyed_by_symbol_and_time(
    deployed: object, clients: Clients, name: str
) -> None:
    found = table(clients, name)

    assert found["KeySchema"] == [
        {"AttributeName": "symbol", "KeyType": "HASH"},
        {"AttributeName": "timestamp", "KeyType": "RANGE"},
    ]
    assert found["AttributeDefinitions"] == [
        {"AttributeName": "symbol", "AttributeType": "S"},
        {"AttributeName": "timestamp", "AttributeType": "N"},
    ]


@every_table
def test_a_table_is_paid_by_request_and_can_be_deleted(
    deployed: object, clients: Clients, name: str
) -> None:
    found = table(clients, name)

    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["DeletionProtectionEnabled"] is False


@every_table
def test_a_table_is_encrypted_with_the_key(
    deployed: object, clients: Clients, key: dict[str, Any], name: str
) -> None:
    encryption = table(clients, name)["SSEDescription"]

    assert encryption["SSEType"] == "KMS"
    assert encryption["KMSMasterKeyArn"] == key["Arn"]


@every_table
def test_a_table_can_be_recovered_to_any_point_in_time(
    deployed: object, clients: Clients, name: str
) -> None:
    backups = clients("dynamodb").describe_continuous_backups(TableName=f"{name}-blue")
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]

    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_prices_alone_have_a_stream_with_both_images(
    deployed: object, clients: Clients
) -> None:
    assert table(clients, "crypto-prices")["StreamSpecification"] == {
        "StreamEnabled": True,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    assert "LatestStreamArn" not in table(clients, "market-alerts")
