"""The three functions, run in this process on real tables and queues in memory.

A webhook is stored by webhook-processor; each insert becomes a stream record; a batch
of records is given to price-enricher, and a batch of messages to data-processor.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.queues import Queue
from services.aws.topics import Topic
from services.data_processor import handler as processor
from services.price_enricher import handler as enricher
from services.price_enricher.history import History
from services.price_enricher.rows import Rows
from services.webhook_processor import handler as webhook
from services.webhook_processor.prices import Prices
from tests.integration.data_processor.tables import Tables, fresh_tables
from tests.integration.dynamodb import Wrapped, rows
from tests.integration.pipeline.queues import MemoryQueues
from tests.unit.fakes import FakeContext, FakeTopicService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WEBHOOK_DLQ, ENRICHER_DLQ, MARKET_DATA, MARKET_DATA_DLQ, NOTIFICATIONS_DLQ = (
    f"http://localhost/000000000000/{name}"
    for name in (
        "webhook-processor-dlq",
        "price-enricher-dlq",
        "market-data",
        "market-data-dlq",
        "notifications-dlq",
    )
)
TRADING_ALERTS = "arn:aws:sns:us-east-1:000000000000:trading-alerts"
MOST_RECEIVES = 5
FIELD = re.compile(r"'(\w+)': \?")

type Item = dict[str, Any]


@dataclass
class Pipeline:
    """One set of tables and queues. `stream` has the inserts not yet enriched."""

    dynamodb: DynamoDBClient
    tables: Tables
    sqs: MemoryQueues = field(default_factory=MemoryQueues)
    sns: FakeTopicService = field(default_factory=FakeTopicService)
    stream: list[Item] = field(default_factory=list)

    @property
    def prices(self) -> str:
        return self.tables.prices

    @property
    def alerts(self) -> str:
        return self.tables.alerts

    def post(self, event: Any) -> dict[str, Any]:
        """Invoke webhook-processor."""
        return webhook.lambda_handler(event, FakeContext())

    def enrich(self, images: Sequence[Item]) -> list[Item]:
        """Invoke price-enricher with inserts; returns those that failed."""
        records = [
            {"dynamodb": {"SequenceNumber": str(i), "NewImage": image}}
            for i, image in enumerate(images)
        ]
        answer = enricher.lambda_handler({"Records": records}, FakeContext())
        failed = {f["itemIdentifier"] for f in answer["batchItemFailures"]}
        return [image for i, image in enumerate(images) if str(i) in failed]

    def judge(self, count: int = 25) -> int:
        """Invoke data-processor with up to so many messages; returns how many."""
        messages = [m for m in self.sqs.queues[MARKET_DATA] if not m.hidden][:count]
        for message in messages:
            message.received += 1
            message.handle = f"{message.id}/{message.received}"
        records = [
            {
                "messageId": message.id,
                "receiptHandle": message.handle,
                "body": message.body,
                "attributes": message.as_answer()["Attributes"],
            }
            for message in messages
        ]
        answer = processor.lambda_handler({"Records": records}, FakeContext())
        failed = {f["itemIdentifier"] for f in answer["batchItemFailures"]}
        for message in messages:
            if message.id not in failed:
                self.sqs.queues[MARKET_DATA].remove(message)
            elif message.received >= MOST_RECEIVES:
                self.sqs.queues[MARKET_DATA].remove(message)
                self.sqs.queues[MARKET_DATA_DLQ].append(message)
        return len(messages)

    def settle(self) -> None:
        """Enrich and judge everything that waits."""
        while self.stream:
            batch, self.stream[:] = self.stream[:100], self.stream[100:]
            self.stream += self.enrich(batch)
        while self.judge():
            pass

    def ticks(self) -> list[Item]:
        """All rows of crypto-prices, by symbol and time."""
        return rows(self.dynamodb, self.prices)

    def alert_rows(self) -> list[Item]:
        """All rows of market-alerts."""
        return rows(self.dynamodb, self.alerts)

    def insert(self, image: Item) -> None:
        """Write a row as another producer would."""
        self.dynamodb.put_item(TableName=self.prices, Item=image)
        self.stream.append(image)

    def noting_inserts(self) -> Any:
        """A client that appends each tick that it inserts to the stream."""

        def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
            answer = self.dynamodb.batch_execute_statement(Statements=Statements)
            for statement, response in zip(
                Statements, answer["Responses"], strict=True
            ):
                if "Error" not in response:
                    names = FIELD.findall(statement["Statement"])
                    image = dict(zip(names, statement["Parameters"], strict=True))
                    self.stream.append(image)
            return answer

        return Wrapped(self.dynamodb, batch_execute_statement=batch_execute_statement)

    def invoke(self, *, FunctionName: str, Payload: str, **_: Any) -> Any:
        """Lambda's operation, for the tool."""
        event = json.loads(Payload)
        if FunctionName == "webhook-processor":
            answer = self.post(event)
        else:
            answer = enricher.lambda_handler(event, FakeContext())
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@contextmanager
def running(
    dynamodb: DynamoDBClient, *, volatility_window: int = 50
) -> Iterator[Pipeline]:
    """A pipeline with tables of its own."""
    with (
        fresh_tables(dynamodb) as tables,
        pytest.MonkeyPatch.context() as patch,
    ):
        pipeline = Pipeline(dynamodb, tables)
        patch.setattr("services.aws.backoff.FIRST_DELAY_S", 0.0)
        install(patch, pipeline, dynamodb)
        patch.setattr(enricher, "VOLATILITY_WINDOW", volatility_window)
        yield pipeline


def install(
    patch: pytest.MonkeyPatch, pipeline: Pipeline, client: DynamoDBClient
) -> None:
    """Give the functions this pipeline's tables and queues."""
    sqs: Any = pipeline.sqs
    sns: Any = pipeline.sns
    history = History(client, pipeline.prices)
    prices = Prices(pipeline.noting_inserts(), pipeline.prices, 512)
    patch.setattr(webhook, "prices", prices)
    patch.setattr(webhook, "quarantine", Queue(sqs, WEBHOOK_DLQ))
    patch.setattr(enricher, "history", history)
    patch.setattr(enricher, "rows", Rows(client, pipeline.prices))
    patch.setattr(enricher, "market_data_queue", Queue(sqs, MARKET_DATA))
    patch.setattr(enricher, "quarantine", Queue(sqs, ENRICHER_DLQ))
    pipeline.tables.install(patch, client)
    patch.setattr(processor, "trading_alerts", Topic(sns, TRADING_ALERTS))
    patch.setattr(processor, "market_data", Queue(sqs, MARKET_DATA))


def exact(row: Mapping[str, Any], name: str) -> Decimal:
    """A number of a row."""
    return Decimal(row[name]["N"])
