"""What `make status` shows of an environment that is not all there."""

import pytest
from botocore.stub import Stubber

from infra.settings import load_settings
from tidemark.commands import status
from tidemark.environment import Environment
from tidemark.terminal import console

OUTPUTS = {
    "prices_table_name": "crypto-prices-qa",
    "market_data_queue_url": "http://localhost:4566/000000000000/market-data-qa",
}


def test_what_is_missing_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    environment = Environment(load_settings(env_file=None, environment_suffix="qa"))
    clients = environment.clients
    dynamodb, sqs = Stubber(clients.dynamodb), Stubber(clients.sqs)
    dynamodb.add_client_error("describe_table", "ResourceNotFoundException")
    sqs.add_client_error("get_queue_attributes", "QueueDoesNotExist")
    cloudwatch = Stubber(clients.cloudwatch)
    cloudwatch.add_response("describe_alarms", {"MetricAlarms": []})

    with dynamodb, sqs, cloudwatch:
        console.out.print(status.contents(environment, OUTPUTS))

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "Table crypto-prices-qa missing",
        "Queue market-data-qa missing",
        "Alarms 0 in all 0 ringing of those that LocalStack evaluates",
    ]
