"""The tables, read back and compared with what is promised."""

from typing import Any

import pytest

from tests.moto.clients import Clients

KEYS = {
    "crypto-prices": {"symbol": "S", "timestamp": "N"},
    "market-alerts": {"symbol": "S", "timestamp": "N"},
    "alert-rules": {"symbol": "S", "rule_id": "S"},
    "alert-states": {"symbol": "S"},
}
every_table = pytest.mark.parametrize("name", KEYS)


def table(clients: Clients, name: str) -> dict[str, Any]:
    return dict(clients("dynamodb").describe_table(TableName=f"{name}-blue")["Table"])


@every_table
def test_a_table_is_keyed_by_symbol_and_what_sorts_it(
    deployed: object, clients: Clients, name: str
) -> None:
    found = table(clients, name)

    types = {
        attribute["AttributeName"]: attribute["AttributeType"]
        for attribute in found["AttributeDefinitions"]
    }
    assert [part["AttributeName"] for part in found["KeySchema"]] == [*KEYS[name]]
    assert types == KEYS[name]


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


@pytest.mark.parametrize("name", [*KEYS][1:])
def test_no_other_table_has_a_stream(
    deployed: object, clients: Clients, name: str
) -> None:
    assert "LatestStreamArn" not in table(clients, name)
