"""What may invoke the functions, with which batches, retries and windows."""

import json
from typing import Any

import pytest

from tests.moto.clients import ACCOUNT, REGION, Clients

LAMBDA = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"


def mapping(clients: Clients, function: str) -> dict[str, Any]:
    # moto's own filter by function knows no names where it was given ARNs.
    mappings = clients("lambda").list_event_source_mappings()["EventSourceMappings"]
    (found,) = [each for each in mappings if each["FunctionArn"].endswith(function)]
    return dict(found)


def permissions(clients: Clients, function: str) -> list[tuple[str, str]]:
    policy = clients("lambda").get_policy(FunctionName=function)["Policy"]
    return sorted(
        (each["Principal"]["Service"], each["Condition"]["ArnLike"]["AWS:SourceArn"])
        for each in json.loads(policy)["Statement"]
    )


def test_inserts_into_the_stream_go_to_the_enricher(
    deployed: object, clients: Clients
) -> None:
    table = clients("dynamodb").describe_table(TableName="crypto-prices-blue")["Table"]
    stream = mapping(clients, "price-enricher-blue")

    assert stream["EventSourceArn"] == table["LatestStreamArn"]
    assert stream["State"] == "Enabled"
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert [
        json.loads(each["Pattern"]) for each in stream["FilterCriteria"]["Filters"]
    ] == [{"eventName": ["INSERT"]}]


def test_a_batch_of_the_stream_is_tried_isolated_and_then_quarantined(
    deployed: object, clients: Clients
) -> None:
    stream = mapping(clients, "price-enricher-blue")

    assert stream["BatchSize"] == 1000
    assert stream["MaximumRetryAttempts"] == -1
    assert stream["MaximumRecordAgeInSeconds"] == 24 * 3600
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["DestinationConfig"] == {
        "OnFailure": {
            "Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:price-enricher-dlq-blue"
        }
    }


def test_messages_go_to_the_data_processor_in_batches_of_25(
    deployed: object, clients: Clients
) -> None:
    queue = mapping(clients, "data-processor-blue")

    assert queue["EventSourceArn"] == f"arn:aws:sqs:{REGION}:{ACCOUNT}:market-data-blue"
    assert queue["State"] == "Enabled"
    assert queue["BatchSize"] == 25
    assert queue["MaximumBatchingWindowInSeconds"] == 1
    assert queue["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert queue["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_alerts_of_five_seconds_are_one_batch_for_the_notifier(
    deployed: object, clients: Clients
) -> None:
    queue = mapping(clients, "notifier-blue")

    assert queue["EventSourceArn"].endswith(f":{ACCOUNT}:notifications-blue")
    assert queue["BatchSize"] == 100
    assert queue["MaximumBatchingWindowInSeconds"] == 5
    assert queue["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert queue["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_webhooks_event_is_tried_three_times_within_an_hour(
    deployed: object, clients: Clients
) -> None:
    config = clients("lambda").get_function_event_invoke_config(
        FunctionName="webhook-processor-blue"
    )

    assert config["MaximumRetryAttempts"] == 2
    assert config["MaximumEventAgeInSeconds"] == 3600
    assert config["DestinationConfig"] == {
        "OnSuccess": {
            "Destination": f"arn:aws:sns:{REGION}:{ACCOUNT}:price-updates-success-blue"
        }
    }


def test_this_api_alone_may_invoke_the_webhook_processor(
    deployed: object, clients: Clients, api_id: str
) -> None:
    path = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/v1/POST/webhooks/*"

    assert permissions(clients, "webhook-processor-blue") == [
        ("apigateway.amazonaws.com", path)
    ]


def test_the_log_groups_of_the_others_alone_may_invoke_the_log_forwarder(
    deployed: object, clients: Clients
) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda"

    assert permissions(clients, "log-forwarder-blue") == [
        ("logs.amazonaws.com", f"{group}/data-processor-blue:*"),
        ("logs.amazonaws.com", f"{group}/notifier-blue:*"),
        ("logs.amazonaws.com", f"{group}/price-enricher-blue:*"),
        ("logs.amazonaws.com", f"{group}/webhook-processor-blue:*"),
    ]


@pytest.mark.parametrize(
    "function", ["price-enricher-blue", "data-processor-blue", "notifier-blue"]
)
def test_nothing_may_invoke_what_polls(
    deployed: object, clients: Clients, function: str
) -> None:
    missing = clients("lambda").exceptions.ResourceNotFoundException

    with pytest.raises(missing):
        clients("lambda").get_policy(FunctionName=function)
