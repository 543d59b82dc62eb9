import re
from pathlib import Path

from tests.infra.synthesised import Stack, ref

NAMES = ("name", "function_name", "alarm_name")


def test_these_are_its_outputs(local: Stack) -> None:
    def arn(function: str) -> str:
        return ref("aws_lambda_function", function, "arn")

    def url(queue: str) -> str:
        return ref("aws_sqs_queue", queue, "url")

    def topic(name: str) -> str:
        return ref("aws_sns_topic", name, "arn")

    outputs = local.outputs
    outputs.pop("webhook_url")

    assert outputs == {
        "webhook_api_key": ref("aws_api_gateway_api_key", "webhooks-key", "value"),
        "webhook_processor_arn": arn("webhook-processor"),
        "price_enricher_arn": arn("price-enricher"),
        "data_processor_arn": arn("data-processor"),
        "data_processor_name": "data-processor-blue",
        "prices_table_name": "crypto-prices-blue",
        "alerts_table_name": "market-alerts-blue",
        "rules_table_name": "alert-rules-blue",
        "market_data_queue_url": url("market-data"),
        "webhook_processor_dlq_url": url("webhook-processor-dlq"),
        "price_enricher_dlq_url": url("price-enricher-dlq"),
        "market_data_dlq_url": url("market-data-dlq"),
        "notifications_dlq_url": url("notifications-dlq"),
        "price_updates_topic_arn": topic("price-updates-success"),
        "trading_alerts_topic_arn": topic("trading-alerts"),
        "pipeline_errors_topic_arn": topic("pipeline-errors"),
        "alert_channels_secret_arn": ref(
            "aws_secretsmanager_secret", "alert-channels", "arn"
        ),
        "kms_key_id": ref("aws_kms_key", "key", "key_id"),
        "environment_suffix": "blue",
        "region": "us-east-1",
        "endpoint_url": "http://localhost:4999",
    }


def test_on_aws_there_is_no_endpoint_url(aws: Stack) -> None:
    assert aws.outputs["endpoint_url"] == ""
    assert aws.outputs["region"] == "eu-central-1"


def test_only_the_key_is_sensitive(local: Stack) -> None:
    sensitive = [
        name for name, out in local.document["output"].items() if out["sensitive"]
    ]

    assert sensitive == ["webhook_api_key"]


def test_every_name_carries_the_suffix(local: Stack) -> None:
    names = [
        resource[field]
        for resource in local.resources()
        for field in NAMES
        if field in resource and not resource[field].startswith("${")
    ]

    assert len(names) > 40
    assert not [name for name in names if not name.endswith("-blue")]


def test_descriptions_tell_the_environment_and_the_trouble(local: Stack) -> None:
    alarms = local.all("aws_cloudwatch_metric_alarm")

    assert local.one("aws_kms_key")["description"] == "Tidemark, blue"
    assert [a for a in alarms if " above " not in a["alarm_description"]] == []


def test_addresses_are_short_nouns_without_hashes(local: Stack) -> None:
    ids = {id_ for kind in local.document["resource"].values() for id_ in kind}

    assert not [id_ for id_ in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", id_)]
    assert max(map(len, ids)) <= 50


def test_nothing_is_kept_from_being_destroyed(local: Stack) -> None:
    kept = {"prevent_destroy", "skip_destroy", "deletion_protection_enabled"}
    settings = {name for resource in local.resources() for name in resource}

    assert not kept & settings
    assert all(
        resource.get("lifecycle", {"create_before_destroy": True}).keys()
        == {"create_before_destroy"}
        for resource in local.resources()
    )


def test_the_document_is_the_same_on_every_machine(local: Stack) -> None:
    text = (local.folder / "cdk.tf.json").read_text()

    assert str(local.folder) not in text
    assert str(Path(__file__).parents[2]) not in text
