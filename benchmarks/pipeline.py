"""Tidemark, as `make up` deployed it, as a system under measurement."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from benchmarks.activity import Logs
from benchmarks.expected import FIELDS, Row
from benchmarks.load import Send, SentTick, price
from benchmarks.system import System
from tidemark.environment import Environment
from tidemark.stored import tables

FUNCTIONS = ("webhook-processor", "price-enricher", "data-processor")


def tidemark(environment: Environment, http: httpx.Client, quiet_s: float) -> System:
    """Return the pipeline of an environment on the local cloud."""
    outputs, clients = environment.outputs(), environment.clients
    settings = environment.settings
    names = [settings.name(name) for name in FUNCTIONS]
    table = outputs["prices_table_name"]

    def read(symbol: str, since_ms: int) -> Iterator[Row]:
        return tables.query(clients.dynamodb, table, symbol, since_ms=since_ms)

    return System(
        name="Tidemark",
        send=sender(http, outputs),
        table=table,
        read=read,
        make=make_row,
        logs=Logs(clients.logs, [f"/aws/lambda/{name}" for name in names], quiet_s),
        roles=tuple(
            settings.name(f"{name}-{settings.aws_region}") for name in FUNCTIONS
        ),
        enricher=settings.name("price-enricher"),
    )


def sender(http: httpx.Client, outputs: dict[str, Any]) -> Send:
    """Return a function that posts ticks as one webhook."""
    headers = {
        "x-api-key": outputs["webhook_api_key"],
        "content-type": "application/json",
    }
    url = f"{outputs['webhook_url']}/bench"

    def send(ticks: Sequence[SentTick]) -> None:
        body = json.dumps([tick.body for tick in ticks])
        http.post(url, content=body, headers=headers).raise_for_status()

    return send


def make_row(symbol: str, place: int, before_ms: int) -> dict[str, Any]:
    """Return an enriched tick, `place` ms before that moment."""
    ms, text = before_ms - place, price(place)
    numbers = {
        "timestamp": f"{ms}.{place:025d}",
        "price": text,
        "received_at": str(ms),
        "window_n": "50",
        "window_from": f"{ms - 50}.{place:025d}",
        **dict.fromkeys(FIELDS, "100.0123456789012"),
    }
    texts = {
        "symbol": symbol,
        "exchange": "bench",
        "kind": "trade",
        "processed_at": "2026-01-01T00:00:00.000Z",
        "request_id": f"00000000-0000-4000-8000-{place:012d}",
        "trade_id": str(place),
        "raw_data": json.dumps({"symbol": symbol, "price": text, "timestamp": ms}),
    }
    return {
        **{name: {"N": number} for name, number in numbers.items()},
        **{name: {"S": text} for name, text in texts.items()},
        "enriched": {"BOOL": True},
    }
