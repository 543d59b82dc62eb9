"""Whatever fails: every tick is stored once, with exact values, and judged."""

import json
from pathlib import Path

import pytest

import tidemark.environment
from infra.settings import Settings
from tests.e2e import identifiers
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.pipeline import Pipeline
from tidemark.chaos.experiment import Experiment
from tidemark.chaos.faults import BY_NAME
from tidemark.chaos.injection import Injection
from tidemark.commands.repair import repair
from tidemark.dead_letters.actions import DeadLetters
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import Choice
from tidemark.machine import paths
from tidemark.machine.progress import Plain
from tidemark.repairing.outcome import Scope
from tidemark.stored.clients import Clients
from tidemark.stored.unfinished import Span

pytestmark = pytest.mark.local  # others would be hit by the faults


@pytest.fixture
def deployed(
    environment: Environment,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Deployed:
    """The tool's view; its record of what was done goes elsewhere."""
    clients = Clients(settings)
    monkeypatch.setattr(paths, "STATE", tmp_path)
    return Deployed(clients, environment.outputs, settings.home)


@pytest.fixture
def experiment(
    pipeline: Pipeline, deployed: Deployed, settings: Settings
) -> Experiment:
    return Experiment(
        tidemark.environment.Environment(settings),
        deployed,
        Plain(),
        await_claims=lambda symbol: end_claims(pipeline, symbol),
    )


def end_claims(pipeline: Pipeline, symbol: str) -> None:
    """Make the claims to a symbol's alerts end now, instead of within a minute."""
    identifiers.symbols.append(symbol)
    for row in pipeline.alerts(symbol):
        if "notified_at" not in row:
            abandon(pipeline, row)


def abandon(pipeline: Pipeline, row: dict[str, object]) -> None:
    """As if data-processor had died before it marked the alert, a while ago."""
    pipeline.clients("dynamodb").update_item(
        TableName=pipeline.outputs["alerts_table_name"],
        Key=key(row),
        UpdateExpression="SET claimed_until = :past REMOVE notified_at",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )


def key(row: dict[str, object]) -> dict[str, dict[str, str]]:
    return {
        "symbol": {"S": str(row["symbol"])},
        "timestamp": {"N": f"{row['timestamp']:f}"},
    }


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_lost_or_wrong_after(name: str, experiment: Experiment) -> None:
    verdict = experiment.run(BY_NAME[name])

    assert verdict.problems == []


def test_without_a_request_no_fault_is_active(settings: Settings) -> None:
    assert Injection(settings.endpoint_url).rules() == []


def test_rows_that_lost_their_values_are_repaired_and_forwarded(
    pipeline: Pipeline, deployed: Deployed, symbol: str
) -> None:
    ticks = [
        {"symbol": symbol, "price": price, "timestamp": 1709294400 + n, "trade_id": n}
        for n, price in enumerate(pipeline.marks.between(3))
    ]
    pipeline.send(ticks)
    before = eventually(lambda: pipeline.enriched(symbol, count=3))
    for row in before:
        pipeline.clients("dynamodb").update_item(
            TableName=pipeline.outputs["prices_table_name"],
            Key=key(row),
            UpdateExpression="REMOVE enriched, ma_10, ma_20, volatility, "
            "price_change_pct, window_n, window_from",
        )

    done = repair(deployed, Scope(Span(symbol)), Plain())

    assert (done.ticks, done.complete) == (3, True)
    assert pipeline.enriched(symbol, count=3) == before


def test_an_alert_whose_claim_was_abandoned_is_published_by_a_repair(
    pipeline: Pipeline, deployed: Deployed, symbol: str
) -> None:
    pipeline.send({"symbol": symbol, "price": pipeline.marks.above})
    [row] = eventually(lambda: pipeline.notified_alerts(symbol))
    abandon(pipeline, row)

    done = repair(deployed, Scope(Span(symbol)), Plain())

    assert done.alerts == 1
    pipeline.notified_alerts(symbol)
    heard = pipeline.mailboxes["trading_alerts"]
    notifications = eventually(lambda: heard.find(symbol))
    ids = {message.notification["alert_id"] for message in notifications}
    assert ids == {row["alert_id"]}


def test_a_batch_that_was_given_up_is_repaired_from_the_stream(
    pipeline: Pipeline, deployed: Deployed, symbol: str
) -> None:
    pipeline.send({"symbol": symbol, "price": pipeline.marks.above})
    eventually(lambda: pipeline.notified_alerts(symbol))
    batch = {"DDBStreamBatchInfo": in_the_stream(pipeline, symbol)}
    pipeline.clients("sqs").send_message(
        QueueUrl=pipeline.outputs["price_enricher_dlq_url"],
        MessageBody=json.dumps(batch),
    )

    done = repair(deployed, Scope(Span(symbol)), Plain())

    assert done.batches == 1
    assert done.ticks >= 1
    assert done.notes == []


def in_the_stream(pipeline: Pipeline, symbol: str) -> dict[str, str]:
    """Where the stream has the record of a symbol, as Lambda writes it."""
    table = pipeline.outputs["prices_table_name"]
    described = pipeline.clients("dynamodb").describe_table(TableName=table)
    arn = described["Table"]["LatestStreamArn"]
    streams = pipeline.clients("dynamodbstreams")
    shards = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    for shard in shards:
        where = {"StreamArn": arn, "ShardId": shard["ShardId"]}
        iterator = streams.get_shard_iterator(
            **where, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while records := streams.get_records(ShardIterator=iterator):
            for record in records["Records"]:
                if record["dynamodb"]["Keys"]["symbol"]["S"] == symbol:
                    number = record["dynamodb"]["SequenceNumber"]
                    return {
                        "streamArn": arn,
                        "shardId": shard["ShardId"],
                        "startSequenceNumber": number,
                        "endSequenceNumber": number,
                        "approximateArrivalOfFirstRecord": "2024-03-01T12:00:00Z",
                        "approximateArrivalOfLastRecord": "2024-03-01T12:00:00Z",
                    }
            iterator = records.get("NextShardIterator")
            if not records["Records"] or iterator is None:
                break
    raise AssertionError(f"the stream has no record of {symbol}")


def test_a_rejection_that_is_valid_by_now_is_sent_back_and_stored(
    pipeline: Pipeline, deployed: Deployed, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": pipeline.marks.above, "trade_id": 1}
    rejection = {
        "reason": f"venue: {symbol} was not known",
        "payload": json.dumps(tick),
        "exchange": identifiers.VENUE,
        "request_id": identifiers.new_id(),
        "received_at": "1709294400500",
        "rejection_id": identifiers.new_id(),
    }
    pipeline.clients("sqs").send_message(
        QueueUrl=pipeline.outputs["webhook_processor_dlq_url"],
        MessageBody=json.dumps(rejection),
    )

    letters = DeadLetters(deployed, Choice(reason=symbol), Plain())
    done = letters.send_back(rate=100)

    assert done.count == 1
    [row] = eventually(lambda: pipeline.enriched(symbol, count=1))
    assert row["request_id"] == rejection["request_id"]
    eventually(lambda: pipeline.notified_alerts(symbol))
    assert letters.look() == []
