"""Fill a system's table with enriched rows, straight into DynamoDB Local.

Without its stream: the functions would be given all rows, and reading a stream of so
many records takes DynamoDB Local a second. The table then has a new stream, and that a
mapping like the one before. What Terraform knows of both is no longer true.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched
from typing import Any

from benchmarks.load import price
from benchmarks.patience import until
from benchmarks.system import System
from tidemark.machine.progress import Step
from tidemark.stored.clients import Clients

BATCH, WORKERS = 25, 4
# No window of a tick reaches back further.
REACH = 50
# The load's ticks are later than the rows.
AGE_MS = 60_000
# What is given when a mapping is created.
GIVEN = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "FilterCriteria",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "StartingPosition",
)

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """Clients of the local cloud, and one of DynamoDB Local itself."""

    clients: Clients
    direct: Any


def fill(
    system: System, symbols: Sequence[str], count: int, access: Access, step: Step
) -> list[str]:
    """Write so many rows, shared among the symbols; return the last prices of each."""
    before_ms = time.time_ns() // 1_000_000 - AGE_MS
    each = count // len(symbols)
    rows = [
        system.make(symbol, place, before_ms)
        for place in range(1, each + 1)
        for symbol in symbols
    ]
    mapping = remove_mapping(access.clients.lambda_, system.enricher)
    set_stream(access.clients.dynamodb, system.table, StreamEnabled=False)
    write(access.direct, system.table, rows, step)
    stream = set_stream(
        access.clients.dynamodb,
        system.table,
        StreamEnabled=True,
        StreamViewType="NEW_AND_OLD_IMAGES",
    )
    make_mapping(access.clients.lambda_, system.enricher, stream, mapping)
    return [price(place) for place in range(min(REACH, each), 0, -1)]


def remove_mapping(lambda_: Any, function: str) -> dict[str, Any]:
    """Remove the function's mapping; return how it was."""
    [mapping] = lambda_.list_event_source_mappings(FunctionName=function)[
        "EventSourceMappings"
    ]
    lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
    until(lambda: state(lambda_, mapping["UUID"]) is None, "the mapping to be removed")
    return dict(mapping)


def make_mapping(
    lambda_: Any, function: str, stream: str, like: dict[str, Any]
) -> None:
    """Make a mapping from another stream with the same parameters."""
    given = {name: like[name] for name in GIVEN if like.get(name) is not None}
    made = lambda_.create_event_source_mapping(
        EventSourceArn=stream, FunctionName=function, **given
    )
    until(lambda: state(lambda_, made["UUID"]) == "Enabled", "the mapping")


def state(lambda_: Any, uuid: str) -> str | None:
    with suppress(lambda_.exceptions.ResourceNotFoundException):
        return str(lambda_.get_event_source_mapping(UUID=uuid)["State"])
    return None


def set_stream(dynamodb: Any, table: str, **specification: Any) -> str:
    """Change the stream of a table; return its ARN, or "" if it has none now."""
    dynamodb.update_table(TableName=table, StreamSpecification=specification)
    dynamodb.get_waiter("table_exists").wait(TableName=table)
    described = dynamodb.describe_table(TableName=table)["Table"]
    return str(described.get("LatestStreamArn", ""))


def write(direct: Any, table: str, rows: Sequence[Item], step: Step) -> None:
    """Write all rows, some batches at a time."""

    def put(batch: tuple[Item, ...]) -> int:
        requests = [{"PutRequest": {"Item": row}} for row in batch]
        answer = direct.batch_write_item(RequestItems={table: requests})
        if answer["UnprocessedItems"]:
            raise RuntimeError("DynamoDB Local did not write all rows")
        return len(batch)

    done = 0
    with ThreadPoolExecutor(WORKERS) as workers:
        for count in workers.map(put, batched(rows, BATCH, strict=False)):
            done += count
            step.update(done, len(rows))
