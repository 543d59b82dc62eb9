"""Repair what is in price-enricher-dlq: failed batches, and rows that were poison.

A batch names its records in the stream, which keeps them for 24 hours. Of an older one
the rows are searched that were stored when it was in the stream; a tick that was more
than `LATE_MS` late then is found only if it is not enriched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.market.errors import InvalidValue
from services.market.event_time import iso
from services.market.money import parse_amount
from tidemark.dead_letters.actions import queues
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import ENRICHER, Entry
from tidemark.dead_letters.record import Record
from tidemark.machine.progress import Progress, Step
from tidemark.repairing import ticks
from tidemark.repairing.enricher import Enricher
from tidemark.repairing.outcome import Repaired, Scope
from tidemark.stored import stream
from tidemark.stored.unfinished import Image, Span, stored_between

NUMBER = re.compile(r"-?\d{1,38}(\.\d{1,130})?", re.ASCII)
LATE_MS, EARLY_MS = 3_600_000, 300_000
# A row is stored up to a minute after the attempt began whose time it has.
LONGEST_ATTEMPT_MS = 60_000


@dataclass(frozen=True, slots=True)
class EnricherLetters:
    """The entries of price-enricher's queue that can be repaired."""

    deployed: Deployed
    scope: Scope
    repaired: Repaired
    progress: Progress

    def repair(self) -> None:
        """Enrich and forward what they name, and remove them; or only count them."""
        (queue,) = queues(self.deployed, ENRICHER)
        record = Record.of(self.deployed.home)
        with (
            self.progress.step("Repairing what is in price-enricher-dlq") as step,
            queue.reading() as reading,
        ):
            for entry in reading.entries():
                if self._repair(entry, step):
                    record.add("repaired", entry)
                    reading.remove(entry)

    def _repair(self, entry: Entry, step: Step) -> bool:
        """Return True if the entry has served its purpose."""
        if entry.kind not in ("batch", "poison"):
            return False
        is_batch = entry.kind == "batch"
        if self.scope.dry_run:
            self.repaired.batches += is_batch
            return False
        enricher = Enricher(self.deployed, self.repaired, step)
        if is_batch:
            done = enricher.enrich(self._batch(entry.content, step))
            self.repaired.batches += done
            return done
        if not _names_a_row(entry.content):
            return False
        row = self._row(entry.content)
        return row is None or (_is_good(row) and enricher.enrich([row]))

    def _batch(self, content: Any, step: Step) -> Iterator[Image]:
        batch = content["DDBStreamBatchInfo"]
        client = self.deployed.clients.of("dynamodbstreams")
        images = stream.images(client, batch)
        if images is not None:
            yield from images
            return
        first = _ms(batch.get("approximateArrivalOfFirstRecord"))
        last = _ms(batch.get("approximateArrivalOfLastRecord"))
        self.repaired.notes.append(
            "A failed batch is no longer in the stream: the ticks stored from "
            f"{iso(first)} to {iso(last)} are forwarded again instead."
        )
        condition = stored_between(iso(first - LONGEST_ATTEMPT_MS), iso(last + 1000))
        span = Span("", first - LATE_MS, last + EARLY_MS)
        yield from ticks.found(self.deployed, condition, span, step)

    def _row(self, content: Any) -> Image | None:
        """The row as it is now; None if it has been deleted."""
        answer = self.deployed.clients.dynamodb.get_item(
            TableName=self.deployed.prices_table,
            Key={
                "symbol": {"S": content["symbol"]},
                "timestamp": {"N": content["timestamp"]},
            },
            ConsistentRead=True,
        )
        return answer.get("Item")


def _names_a_row(content: Any) -> bool:
    symbol, timestamp = content.get("symbol"), content.get("timestamp")
    if not isinstance(symbol, str) or not isinstance(timestamp, str):
        return False
    return bool(symbol and NUMBER.fullmatch(timestamp))


def _is_good(row: Image) -> bool:
    try:
        parse_amount("price", row.get("price", {}).get("N"))
    except InvalidValue:
        return False
    return True


def _ms(iso_time: Any) -> int:
    return int(datetime.fromisoformat(iso_time).timestamp()) * 1000
