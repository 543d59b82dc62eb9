"""Fill a system's table with enriched rows, straight into DynamoDB Local.

While that runs, a filter on the system's stream mapping lets none of the new rows
through. It is taken back once the mapping has read them all.
"""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import uuid4

from benchmarks.load import price
from benchmarks.patience import until
from benchmarks.system import System
from tidemark.machine.progress import Step

BATCH, WORKERS = 25, 4
# No window of a tick reaches back further.
REACH = 50
# The load's ticks are later than the rows.
AGE_MS = 60_000
LONGEST_S = 300

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """Clients of Lambda, and of DynamoDB Local itself."""

    lambda_: Any
    direct: Any


def fill(
    system: System, symbols: Sequence[str], count: int, access: Access, step: Step
) -> None:
    """Write so many rows, shared among the symbols, past the system's mapping."""
    rows = make_rows(system, symbols, count)
    marker = system.make(f"BENCH-{uuid4().hex[:8].upper()}-END", 1, before_ms())
    del marker["enriched"]
    with letting_through(system, marker, access.lambda_):
        write(access.direct, system.table, [*rows, marker], step)
        until(
            lambda: is_enriched(access.direct, system.table, marker),
            "the mapping to read the new rows",
            timeout_s=LONGEST_S,
        )


def make_rows(system: System, symbols: Sequence[str], count: int) -> list[Item]:
    """Return enriched rows of the symbols, before the ticks of any load."""
    at_ms = before_ms()
    return [
        system.make(symbol, place, at_ms)
        for place in range(1, count // len(symbols) + 1)
        for symbol in symbols
    ]


def last_prices(symbols: Sequence[str], count: int) -> list[str]:
    """Return the last prices of each of the symbols in so many rows, in order."""
    return [price(place) for place in range(min(REACH, count // len(symbols)), 0, -1)]


def before_ms() -> int:
    return time.time_ns() // 1_000_000 - AGE_MS


@contextmanager
def letting_through(system: System, marker: Item, lambda_: Any) -> Iterator[None]:
    """Let the mapping of the system pass the marker's row alone."""
    [mapping] = lambda_.list_event_source_mappings(FunctionName=system.enricher)[
        "EventSourceMappings"
    ]
    symbol = [marker["symbol"]["S"]]
    pattern = {"dynamodb": {"Keys": {"symbol": {"S": symbol}}}, "eventName": ["INSERT"]}
    passing = {"Filters": [{"Pattern": json.dumps(pattern)}]}
    lambda_.update_event_source_mapping(UUID=mapping["UUID"], FilterCriteria=passing)
    try:
        yield
    finally:
        lambda_.update_event_source_mapping(
            UUID=mapping["UUID"],
            FilterCriteria=mapping.get("FilterCriteria") or {"Filters": []},
        )


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


def is_enriched(direct: Any, table: str, row: Item) -> bool:
    key = {name: row[name] for name in ("symbol", "timestamp")}
    answer = direct.get_item(TableName=table, Key=key, ConsistentRead=True)
    return "enriched" in answer["Item"]
