import pytest

from tests.infra.synthesised import Stack, ref


@pytest.mark.parametrize("name", ["crypto-prices", "market-alerts"])
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


@pytest.mark.parametrize("name", ["crypto-prices", "market-alerts"])
def test_tables_are_keyed_by_symbol_and_numeric_timestamp(
    local: Stack, name: str
) -> None:
    table = local.one("aws_dynamodb_table", name=f"{name}-blue")

    assert (table["hash_key"], table["range_key"]) == ("symbol", "timestamp")
    assert table["attribute"] == [
        {"name": "symbol", "type": "S"},
        {"name": "timestamp", "type": "N"},
    ]


def test_only_prices_are_streamed_and_with_both_images(local: Stack) -> None:
    prices = local.one("aws_dynamodb_table", name="crypto-prices-blue")
    alerts = local.one("aws_dynamodb_table", name="market-alerts-blue")

    assert prices["stream_enabled"] is True
    assert prices["stream_view_type"] == "NEW_AND_OLD_IMAGES"
    assert alerts["stream_enabled"] is False
    assert "stream_view_type" not in alerts
