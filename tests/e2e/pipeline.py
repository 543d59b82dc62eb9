"""The deployed pipeline as its users see it: webhook, direct calls, tables, queues.

It relies on the stack's outputs, names and stored shapes, and imports no service.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from tests.e2e import identifiers
from tests.e2e.clients import Clients
from tests.e2e.eventually import eventually
from tests.e2e.mailbox import Mailbox, Message
from tests.e2e.marks import Marks

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An environment by its outputs and marks.

    `mailboxes` has one for each dead-letter queue and topic: `["market_data_dlq"]`.
    """

    outputs: Mapping[str, str]
    clients: Clients
    http: httpx.Client
    mailboxes: Mapping[str, Mailbox]
    marks: Marks

    def post(
        self, body: Any, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """POST JSON, or raw bytes, with the API key unless `headers` are given."""
        return self.http.post(
            f"{self.outputs['webhook_url']}/{identifiers.VENUE}",
            content=body if isinstance(body, bytes) else json.dumps(body),
            headers=self.headers if headers is None else headers,
        )

    @property
    def headers(self) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "x-api-key": self.outputs["webhook_api_key"],
        }

    def send(self, body: Any) -> str:
        """POST a body that must be accepted; return the request id."""
        response = self.post(body)
        assert response.status_code == 202, response.text
        return str(response.json()["request_id"])

    def completed(self, request_id: str) -> Row:
        """Return webhook-processor's response to the request, which must be there."""
        messages = self.mailboxes["price_updates"].find(request_id)
        assert messages, f"{request_id} is not completed"
        return _answer(messages[0].notification["responsePayload"])

    def invoke(self, event: Any) -> Row:
        """Invoke webhook-processor; return its response with the body parsed."""
        response = self._invoke(event, "RequestResponse")
        payload = json.loads(response["Payload"].read())
        assert "FunctionError" not in response, payload
        return _answer(payload)

    def invoke_later(self, event: Any, *, function: str = "webhook_processor") -> None:
        """Invoke webhook-processor asynchronously, as API Gateway does."""
        self._invoke(event, "Event", function)

    def ticks(self, symbol: str) -> list[Row]:
        """Return the symbol's rows of crypto-prices, by time."""
        return self._rows("prices_table_name", symbol)

    def enriched(self, symbol: str, *, count: int) -> list[Row]:
        """Return `ticks`, which must be `count` enriched rows."""
        rows = self.ticks(symbol)
        done = sum(row.get("enriched", False) for row in rows)
        assert (len(rows), done) == (count, count), f"{done} of {len(rows)} enriched"
        return rows

    def alerts(self, symbol: str) -> list[Row]:
        """Return the symbol's rows of market-alerts, by time."""
        return self._rows("alerts_table_name", symbol)

    def notified_alerts(self, symbol: str, *, count: int = 1) -> list[Row]:
        """Return `alerts`, which must be `count` rows that were published to SNS."""
        rows = self.alerts(symbol)
        done = sum("notified_at" in row for row in rows)
        assert (len(rows), done) == (count, count), f"{done} of {len(rows)} notified"
        return rows

    def notifications(self, symbol: str, *, count: int) -> list[Message]:
        """Return what trading-alerts published of the symbol: `count` messages."""
        found = self.mailboxes["trading_alerts"].find(symbol)
        assert len(found) == count, f"{len(found)} notifications"
        return found

    def put_tick(self, **columns: dict[str, str]) -> None:
        """Write a row into crypto-prices directly."""
        self.clients("dynamodb").put_item(
            TableName=self.outputs["prices_table_name"], Item=columns
        )

    def put_rule(self, symbol: str, rule_id: str, **fields: Any) -> None:
        """Write a row into alert-rules, as a person would."""
        row = {"symbol": symbol, "rule_id": rule_id, **fields}
        write = TypeSerializer().serialize
        self.clients("dynamodb").put_item(
            TableName=self.outputs["rules_table_name"],
            Item={name: write(value) for name, value in row.items()},
        )

    def put_market_data(self, *bodies: str) -> None:
        """Send messages to market-data, as another producer would."""
        for body in bodies:
            self.clients("sqs").send_message(
                QueueUrl=self.outputs["market_data_queue_url"], MessageBody=body
            )

    def flush(self) -> None:
        """Send a message to market-data and wait for its notification.

        Then what was published before has most likely arrived, too. It does not follow
        that messages that were sent before are judged: another process may be at them.
        """
        symbol = identifiers.new_symbol()
        self.put_market_data(json.dumps({"symbol": symbol, "price": self.marks.above}))
        eventually(lambda: self.mailboxes["trading_alerts"].find(symbol))

    def log(self, function: str, *lines: str) -> None:
        """Write lines into a new log stream of a function, in one call."""
        logs = self.clients("logs")
        stream = {
            "logGroupName": f"/aws/lambda/{self.physical_name(function)}",
            "logStreamName": f"e2e/{uuid4()}",
        }
        logs.create_log_stream(**stream)
        now_ms = time.time_ns() // 1_000_000
        events = [{"timestamp": now_ms, "message": line} for line in lines]
        logs.put_log_events(**stream, logEvents=events)

    def physical_name(self, name: str) -> str:
        return f"{name}-{self.outputs['environment_suffix']}"

    def _invoke(
        self, event: Any, invocation_type: str, function: str = "webhook_processor"
    ) -> Any:
        return self.clients("lambda").invoke(
            FunctionName=self.outputs[f"{function}_arn"],
            InvocationType=invocation_type,
            Payload=json.dumps(event),
        )

    def _rows(self, table: str, symbol: str) -> list[Row]:
        pages = (
            self.clients("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.outputs[table],
                ConsistentRead=True,
                KeyConditionExpression="symbol = :symbol",
                ExpressionAttributeValues={":symbol": {"S": symbol}},
            )
        )
        read = TypeDeserializer().deserialize
        return [
            {name: read(value) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]


def _answer(payload: Mapping[str, Any]) -> Row:
    return {"statusCode": payload["statusCode"], "body": json.loads(payload["body"])}
