"""The floor: the two writes that each tick needs, batched, straight into the DynamoDB
of the same local cloud. No pipeline that stores and enriches each tick is faster.
"""

import re
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config

from benchmarks import ticks_table
from tidemark.environment import Environment
from tidemark.local_cloud.process import HostCloud
from tidemark.machine import processes

BATCH, WORKERS = 25, 4
VALUES = ("ma_10", "ma_20", "volatility", "price_change_pct")
RAW = '{"symbol": "BENCH", "price": "100.00", "timestamp": 1764000000000000000}'


# More threads than connections would wait for each other.
CONFIG = Config(max_pool_connections=16, proxies={}, retries={"total_max_attempts": 3})


def database(environment: Environment) -> Any:
    """Return a client of the DynamoDB Local of the environment's local cloud."""
    cloud, url = environment.cloud, environment.settings.endpoint_url
    leader = cloud.process() if isinstance(cloud, HostCloud) else None
    pids = [process.pid for process in processes.family(leader)] if leader else []
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint(pids, url),
        region_name=environment.settings.aws_region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CONFIG,
    )


def endpoint(pids: Iterable[int], default: str) -> str:
    """Return where DynamoDB Local, one of these processes, listens itself; where it is
    not among them (in a container, say) the endpoint of the local cloud.
    """
    listed = ",".join(map(str, pids))
    ps = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", listed], capture_output=True, text=True
    )
    port = re.search(r"LoopbackServer -port (\d+)", ps.stdout)
    return f"http://127.0.0.1:{port[1]}" if port else default


def ticks_per_second(dynamodb: Any, count: int) -> float:
    """Insert and then update so many rows of a table of its own.

    It has no stream: DynamoDB Local keeps the records of a deleted table, and they slow
    down all tables whose streams begin later.
    """
    table = f"bench-floor-{uuid4().hex[:8]}"
    ticks_table.create(dynamodb, table)
    try:
        begin = time.monotonic()
        for statement in (_insert, _update):
            _run(dynamodb, [statement(table, number) for number in range(count)])
        return count / (time.monotonic() - begin)
    finally:
        dynamodb.delete_table(TableName=table)


def _run(dynamodb: Any, statements: list[dict[str, Any]]) -> None:
    def send(batch: tuple[dict[str, Any], ...]) -> None:
        answer = dynamodb.batch_execute_statement(Statements=list(batch))
        refused = [r["Error"] for r in answer["Responses"] if "Error" in r]
        if refused:
            raise RuntimeError(f"the floor's statement was refused: {refused[0]}")

    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(send, batched(statements, BATCH, strict=False)))


def _key(number: int) -> tuple[dict[str, str], dict[str, str]]:
    return {"S": f"BENCH-{number % 10}"}, {"N": f"1764000000000.{number:025d}"}


def _insert(table: str, number: int) -> dict[str, Any]:
    symbol, timestamp = _key(number)
    row = {
        "symbol": symbol,
        "timestamp": timestamp,
        "price": {"N": "100.00"},
        "exchange": {"S": "bench"},
        "kind": {"S": "trade"},
        "received_at": {"N": "1764000000000"},
        "processed_at": {"S": "2026-01-01T00:00:00.000Z"},
        "request_id": {"S": str(uuid4())},
        "raw_data": {"S": RAW},
        "trade_id": {"S": str(number)},
    }
    fields = ", ".join(f"'{name}': ?" for name in row)
    return {
        "Statement": f'INSERT INTO "{table}" VALUE {{{fields}}}',
        "Parameters": list(row.values()),
    }


def _update(table: str, number: int) -> dict[str, Any]:
    names = (*VALUES, "window_n", "window_from")
    assignments = " ".join(f"SET {name} = ?" for name in names)
    return {
        "Statement": f'UPDATE "{table}" {assignments} SET enriched = true '
        'WHERE "symbol" = ? AND "timestamp" = ? AND window_n IS MISSING',
        "Parameters": [{"N": "100.0123456789012"}] * len(names) + list(_key(number)),
    }
