import pytest

from tests.infra.synthesised import Stack, ref

TABLES = ["crypto-prices", "alert-rules", "alert-states", "market-alerts"]


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_on_demand_recoverable_and_encrypted_with_the_key(
    local: Stack, name: str
) -> None:
    table = local.one("aws_dynamodb_table", name=f"{name}-blue")

    assert table["billing_mode"] == "PAY_PER_REQUEST"
    assert table["point_in_time_recovery"] == {"enabled": True}
    assert table["server_side_encryption"] == {
        "enabled": True,
        "kms_key_arn": ref("aws_kms_key", "key", "arn"),
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("crypto-prices", {"symbol": "S", "timestamp": "N"}),
        ("market-alerts", {"symbol": "S", "timestamp": "N"}),
        ("alert-rules", {"symbol": "S", "rule_id": "S"}),
        ("alert-states", {"symbol": "S"}),
    ],
)
def test_tables_are_keyed_by_symbol_and_what_sorts_them(
    local: Stack, name: str, key: dict[str, str]
) -> None:
    table = local.one("aws_dynamodb_table", name=f"{name}-blue")

    assert [table["hash_key"], table.get("range_key")] == [*key, None][:2]
    assert table["attribute"] == [
        {"name": name, "type": type_} for name, type_ in key.items()
    ]


def test_prices_are_streamed_with_both_images(local: Stack) -> None:
    prices = local.one("aws_dynamodb_table", name="crypto-prices-blue")

    assert prices["stream_enabled"] is True
    assert prices["stream_view_type"] == "NEW_AND_OLD_IMAGES"


@pytest.mark.parametrize("name", TABLES[1:])
def test_no_other_table_is_streamed(local: Stack, name: str) -> None:
    table = local.one("aws_dynamodb_table", name=f"{name}-blue")

    assert table["stream_enabled"] is False
    assert "stream_view_type" not in table
