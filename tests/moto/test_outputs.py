"""What the tool's other commands say of an environment on AWS."""

import pytest

from tests.moto.clients import ACCOUNT, REGION, Clients
from tests.moto.environment import Environment

LAMBDA = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
SNS = f"arn:aws:sns:{REGION}:{ACCOUNT}"


@pytest.fixture(scope="session")
def outputs(deployed: object, blue: Environment) -> dict[str, str]:
    return blue.outputs()


def test_the_outputs_name_what_was_made(
    outputs: dict[str, str], clients: Clients, key: dict[str, str], api_id: str
) -> None:
    keys = clients("apigateway").get_api_keys(includeValues=True)["items"]
    (api_key,) = [each["value"] for each in keys if each["name"] == "webhooks-blue"]
    secret = clients("secretsmanager").describe_secret(SecretId="alert-channels-blue")
    queues = clients("sqs").meta.endpoint_url + f"/{ACCOUNT}"
    host = f"{api_id}.execute-api.{REGION}.amazonaws.com"

    assert outputs == {
        "webhook_url": f"https://{host}/v1/webhooks",
        "webhook_api_key": api_key,
        "webhook_processor_arn": f"{LAMBDA}:webhook-processor-blue",
        "price_enricher_arn": f"{LAMBDA}:price-enricher-blue",
        "data_processor_arn": f"{LAMBDA}:data-processor-blue",
        "data_processor_name": "data-processor-blue",
        "prices_table_name": "crypto-prices-blue",
        "alerts_table_name": "market-alerts-blue",
        "rules_table_name": "alert-rules-blue",
        "market_data_queue_url": f"{queues}/market-data-blue",
        "webhook_processor_dlq_url": f"{queues}/webhook-processor-dlq-blue",
        "price_enricher_dlq_url": f"{queues}/price-enricher-dlq-blue",
        "market_data_dlq_url": f"{queues}/market-data-dlq-blue",
        "notifications_dlq_url": f"{queues}/notifications-dlq-blue",
        "price_updates_topic_arn": f"{SNS}:price-updates-success-blue",
        "trading_alerts_topic_arn": f"{SNS}:trading-alerts-blue",
        "pipeline_errors_topic_arn": f"{SNS}:pipeline-errors-blue",
        "alert_channels_secret_arn": secret["ARN"],
        "kms_key_id": key["KeyId"],
        "environment_suffix": "blue",
        "region": REGION,
        "endpoint_url": "",
    }


def test_a_deployment_ends_with_the_webhook_and_tells_the_key_to_no_log(
    deployed: dict[str, str], outputs: dict[str, str]
) -> None:
    assert outputs["webhook_url"] in deployed["blue"]
    assert outputs["webhook_api_key"] not in deployed["blue"]
    assert "bin/tidemark outputs` prints it" in deployed["blue"]


def test_status_counts_what_is_in_tables_and_queues_and_the_alarms(
    deployed: object, blue: Environment
) -> None:
    said = " ".join(blue.tidemark("status").split())

    assert "Table crypto-prices-blue 0 rows" in said
    assert "Queue market-data-blue 0 waiting, 0 received" in said
    assert "Alarms 24 in all 0 ringing" in said


def test_ticks_shows_what_is_stored(
    deployed: object, clients: Clients, green: Environment
) -> None:
    tick = {
        "symbol": {"S": "BTC-USD"},
        "timestamp": {"N": "1700000000000.0000000000000000000000001"},
        "price": {"N": "108364.05"},
        "exchange": {"S": "coinbase"},
    }
    clients("dynamodb").put_item(TableName=green.name("crypto-prices"), Item=tick)

    shown = green.tidemark("ticks", "BTC-USD", "--since", "2023-01-01")

    assert "2023-11-14 22:13:20" in shown
    assert "108364.05 coinbase" in shown
