"""Rows that cannot be enriched: quarantined, and without effect on others."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e import oracle
from tests.e2e.eventually import eventually
from tests.e2e.identifiers import VENUE
from tests.e2e.oracle import trades
from tests.e2e.pipeline import Pipeline, Row


@pytest.mark.parametrize(
    "price",
    [
        pytest.param({}, id="no"),
        pytest.param({"price": {"S": "a lot"}}, id="text"),
        pytest.param({"price": {"B": b"\0\xff"}}, id="bytes"),
        pytest.param({"price": {"M": {"in": {"B": b"1"}}}}, id="bytes in a map"),
    ],
)
def test_a_row_without_a_numeric_price_is_quarantined_and_its_neighbours_are_enriched(
    pipeline: Pipeline, symbol: str, price: dict[str, Any]
) -> None:
    run = trades(*pipeline.marks.between(3), pipeline.marks.above)
    poison = {
        "symbol": {"S": symbol},
        "timestamp": {"N": "1709294401500.5"},
        "exchange": {"S": VENUE},
        **price,
    }

    pipeline.send([trade.tick(symbol) for trade in run[:3]])
    pipeline.put_tick(**poison)
    pipeline.send(run[3].tick(symbol))

    [message] = eventually(
        lambda: pipeline.mailboxes["price_enricher_dlq"].find(symbol)
    )
    record = message.json
    assert "price" in record["reason"]
    assert record["symbol"] == symbol
    assert Decimal(record["timestamp"]) == Decimal("1709294401500.5")
    assert symbol in json.dumps(record["payload"])

    eventually(lambda: oracle.check(_good(pipeline.ticks(symbol)), run))
    [left] = [row for row in pipeline.ticks(symbol) if not _good([row])]
    assert left.keys() == poison.keys()
    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert alert["price"] == Decimal(pipeline.marks.above)


def _good(rows: list[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row.get("price"), Decimal)]
