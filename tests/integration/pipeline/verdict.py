"""Check that tables and queues hold what the sent ticks must become, and no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from tests.integration.pipeline.pipeline import (
    ENRICHER_DLQ,
    MARKET_DATA_DLQ,
    WEBHOOK_DLQ,
    Pipeline,
    exact,
)
from tests.integration.pipeline.requests import Request, identities, stored_identity
from tests.unit.price_enricher import oracle

type Row = dict[str, Any]

HIGH, LOW = Decimal(150), Decimal(50)


def check_stored(pipeline: Pipeline, requests: Collection[Request]) -> None:
    """Each tick has one row, and each bad element is in the dead-letter queue."""
    stored = Counter(stored_identity(row) for row in good(pipeline.ticks()))
    bad = [json.loads(body) for body in pipeline.sqs.bodies(WEBHOOK_DLQ)]
    ids = {record["rejection_id"] for record in bad}

    assert stored == Counter(identities(requests))
    assert len(ids) == sum(len(request.bad) for request in requests)


def check_alerts(pipeline: Pipeline) -> None:
    """Nothing but ticks beyond a mark has alerts, and none was published twice."""
    alerts = Counter(_tick_of(row) for row in pipeline.alert_rows())
    published = Counter(_published(entry) for entry in pipeline.sns.published)

    assert alerts.keys() <= set(_firings(pipeline.ticks()))
    assert set(alerts.values()) <= {1}
    assert set(published.values()) <= {1}


def check_finished(pipeline: Pipeline, *, volatility_window: int) -> None:
    """Every row has the values of the set of rows, every firing its alert, and nothing
    good is in a dead-letter queue.
    """
    rows = good(pipeline.ticks())
    for _, group in groupby(rows, key=lambda row: row["symbol"]["S"]):
        _check_values(list(group), volatility_window)
    alerts = [_tick_of(row) for row in pipeline.alert_rows()]
    assert sorted(alerts) == sorted(_firings(rows))
    assert all("notified_at" in row for row in pipeline.alert_rows())
    assert len(pipeline.sns.published) == len(alerts)
    assert pipeline.sqs.bodies(MARKET_DATA_DLQ) == []


def poisoned(pipeline: Pipeline) -> set[str]:
    """The keys of the rows in price-enricher-dlq."""
    bodies = map(json.loads, pipeline.sqs.bodies(ENRICHER_DLQ))
    return {body["timestamp"] for body in bodies}


def good(rows: Iterable[Row]) -> list[Row]:
    """The rows with a price."""
    return [row for row in rows if "N" in row.get("price", {})]


def _check_values(rows: list[Row], volatility_window: int) -> None:
    prices = [exact(row, "price") for row in rows]
    for position, row in enumerate(rows, start=1):
        expected = oracle.expected(prices[:position], volatility_window)
        stored = oracle.Values(*(exact(row, name) for name in oracle.Values._fields))
        assert stored == expected, (row, expected)
        assert row["enriched"] == {"BOOL": True}


def _firings(rows: Iterable[Row]) -> list[tuple[str, Decimal]]:
    return [
        (row["symbol"]["S"], Decimal(row["timestamp"]["N"]))
        for row in good(rows)
        if not LOW <= exact(row, "price") <= HIGH
    ]


def _tick_of(alert: Row) -> tuple[str, Decimal]:
    return alert["symbol"]["S"], exact(alert, "tick_timestamp")


def _published(entry: Any) -> str:
    return str(json.loads(entry["Message"])["alert_id"])
