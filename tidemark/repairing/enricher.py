"""Have price-enricher itself enrich and forward stored ticks.

It is invoked with records such as it gets from the stream. To enrich and forward a tick
twice is harmless.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tidemark.dead_letters.deployed import Deployed
from tidemark.machine.progress import Step
from tidemark.repairing.outcome import Repaired
from tidemark.stored.unfinished import TICK_ATTRIBUTES, Image

BATCH = 100
ATTEMPTS = 5
LONGEST_TEXT = 256


@dataclass(frozen=True, slots=True)
class Enricher:
    """The deployed function, and the table that it writes to."""

    deployed: Deployed
    repaired: Repaired
    step: Step

    def enrich(self, images: Iterable[Image]) -> bool:
        """Enrich and forward rows, given in DynamoDB's typed JSON; return True if all
        of them are enriched afterwards.
        """
        before = self.repaired.failed + self.repaired.poison
        for batch in batched(images, BATCH, strict=False):
            rows = [_short(image) for image in batch]
            failed = self._invoke(rows)
            left = self._not_enriched(rows)
            poison = max(0, left - len(failed))
            self.repaired.ticks += len(rows) - len(failed) - poison
            self.repaired.failed += len(failed)
            self.repaired.poison += poison
            self.step.update(self.repaired.ticks, self.repaired.ticks)
        return self.repaired.failed + self.repaired.poison == before

    def _invoke(self, rows: list[Image]) -> list[Image]:
        """Return the rows that were refused at each of several attempts."""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(2 ** (attempt - 1))
            rows = self._failed(rows)
            if not rows:
                break
        return rows

    def _failed(self, rows: list[Image]) -> list[Image]:
        try:
            answer = self.deployed.clients.lambda_.invoke(
                FunctionName=self.deployed.outputs["price_enricher_arn"],
                Payload=json.dumps(_event(rows)),
            )
        except (BotoCoreError, ClientError):
            return rows
        said = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            return rows
        failed = {each["itemIdentifier"] for each in said["batchItemFailures"]}
        return [row for i, row in enumerate(rows) if str(i) in failed]

    def _not_enriched(self, rows: Sequence[Image]) -> int:
        """How many of the rows are there and not enriched: one read unit for each."""
        table = self.deployed.prices_table
        left: Any = {(r["symbol"]["S"], r["timestamp"]["N"]) for r in rows}
        request: Any = {
            table: {
                "Keys": [
                    {"symbol": {"S": symbol}, "timestamp": {"N": timestamp}}
                    for symbol, timestamp in left
                ],
                "ProjectionExpression": "enriched",
                "ConsistentRead": True,
            }
        }
        count = 0
        while request:
            answer = self.deployed.clients.dynamodb.batch_get_item(RequestItems=request)
            found = answer["Responses"].get(table, [])
            count += sum("enriched" not in row for row in found)
            request = answer.get("UnprocessedKeys")
        return count


def _event(rows: Sequence[Image]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"SequenceNumber": str(i), "NewImage": row},
            }
            for i, row in enumerate(rows)
        ]
    }


def _short(image: Image) -> Image:
    """What price-enricher uses of a row: another producer's may be 400 KB."""
    return {
        name: value
        for name, value in image.items()
        if name in ("symbol", "timestamp", "price")
        or (name in TICK_ATTRIBUTES and _is_short(value))
    }


def _is_short(value: Any) -> bool:
    text = value.get("S", value.get("N"))
    return isinstance(text, str) and len(text) <= LONGEST_TEXT
