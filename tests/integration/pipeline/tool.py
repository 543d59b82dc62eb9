"""The pipeline of this process as the tool sees a deployed environment."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.integration.pipeline.pipeline import (
    ENRICHER_DLQ,
    MARKET_DATA,
    MARKET_DATA_DLQ,
    NOTIFICATIONS_DLQ,
    WEBHOOK_DLQ,
    Pipeline,
)
from tidemark.commands.repair import repair
from tidemark.dead_letters.actions import DeadLetters
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import Choice
from tidemark.repairing.outcome import Repaired, Scope


class Quiet:
    """Shows no progress."""

    @contextmanager
    def step(self, text: str) -> Iterator["Quiet"]:
        yield self

    def update(self, done: int, total: int) -> None:
        pass

    def note(self, text: str) -> None:
        pass


class Streams:
    """DynamoDB's streams, of one shard: its records are numbered from 1."""

    def __init__(self, records: Sequence[Any], *, trimmed: bool = False) -> None:
        self.records, self.trimmed = records, trimmed
        names = ("TrimmedDataAccessException", "ResourceNotFoundException")
        self.exceptions = SimpleNamespace(
            **{name: type(name, (Exception,), {}) for name in names}
        )

    def get_shard_iterator(self, *, SequenceNumber: str, **_: Any) -> Any:
        if self.trimmed:
            raise self.exceptions.TrimmedDataAccessException
        return {"ShardIterator": SequenceNumber}

    def get_records(self, *, ShardIterator: str) -> Any:
        """One record at a time, each after an empty answer."""
        number, ready, _ = ShardIterator.partition("!")
        if not ready:
            return {"Records": [], "NextShardIterator": f"{number}!"}
        image = self.records[int(number) - 1]
        record = {
            "eventName": "INSERT",
            "dynamodb": {"SequenceNumber": number, "NewImage": image},
        }
        return {"Records": [record], "NextShardIterator": str(int(number) + 1)}


def deployed(pipeline: Pipeline, streams: Any = None) -> Deployed:
    clients: Any = SimpleNamespace(
        dynamodb=pipeline.dynamodb,
        sqs=pipeline.sqs,
        lambda_=pipeline,
        of=lambda service: streams,
    )
    outputs = {
        "prices_table_name": pipeline.prices,
        "alerts_table_name": pipeline.alerts,
        "webhook_processor_arn": "webhook-processor",
        "price_enricher_arn": "price-enricher",
        "market_data_queue_url": MARKET_DATA,
        "webhook_processor_dlq_url": WEBHOOK_DLQ,
        "price_enricher_dlq_url": ENRICHER_DLQ,
        "market_data_dlq_url": MARKET_DATA_DLQ,
        "notifications_dlq_url": NOTIFICATIONS_DLQ,
        "environment_suffix": "unit",
    }
    return Deployed(clients, outputs, Path("local"))


def repaired(tool: Deployed, scope: Scope | None = None) -> Repaired:
    return repair(tool, scope or Scope(), Quiet())


def letters(tool: Deployed, **choice: str) -> DeadLetters:
    return DeadLetters(tool, Choice(**choice), Quiet())
