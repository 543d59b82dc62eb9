"""The deployed reference as a system under measurement.

One request is one tick: an asynchronous invocation of its webhook function.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.activity import Logs
from benchmarks.expected import FIELDS, Row
from benchmarks.load import Send, SentTick, price
from benchmarks.system import System
from tidemark.stored import tables
from tidemark.stored.clients import Clients

HANDLERS = ("webhook", "enricher")
# It computes with floats.
TOLERANCE = Decimal("1e-9")


def system(clients: Clients, name: str, quiet_s: float) -> System:
    """Return the reference whose table has that name."""
    groups = [f"/aws/lambda/{name}-{handler}" for handler in HANDLERS]

    def read(symbol: str, since_ms: int) -> Iterator[Row]:
        # Its keys are seconds.
        since_s = since_ms // 1000
        for row in tables.query(clients.dynamodb, name, symbol, since_ms=since_s):
            yield {**row, "trade_id": str(json.loads(row["raw_data"])["trade_id"])}

    return System(
        name="reference",
        send=sender(clients.lambda_, f"{name}-webhook"),
        table=name,
        read=read,
        make=make_row,
        logs=Logs(clients.logs, groups, quiet_s),
        roles=(name,),
        enricher=f"{name}-enricher",
        has_api=False,
        loses_ticks=True,
        tolerance=TOLERANCE,
        consistent_reads=False,
    )


def sender(lambda_: Any, function: str) -> Send:
    """Return a function that sends each tick as a request of its own."""

    def send(ticks: Sequence[SentTick]) -> None:
        for tick in ticks:
            body = json.dumps({**tick.body, "exchange": "bench"})
            lambda_.invoke(
                FunctionName=function,
                InvocationType="Event",
                Payload=json.dumps({"body": body}),
            )

    return send


def make_row(symbol: str, place: int, before_ms: int) -> dict[str, Any]:
    """Return an enriched row, `place` seconds before that moment."""
    body = {"symbol": symbol, "price": price(place), "trade_id": place}
    values = {name: {"N": "100.0123456789012"} for name in FIELDS}
    return {
        "symbol": {"S": symbol},
        "timestamp": {"N": str(before_ms // 1000 - place)},
        "price": {"N": price(place)},
        "exchange": {"S": "bench"},
        "raw_data": {"S": json.dumps(body)},
        "processed_at": {"S": "2026-01-01T00:00:00.000000"},
        "enriched": {"BOOL": True},
        **values,
    }
