"""The benchmark's own reference behaves as the founding system's handlers do."""

import importlib.util
import json
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FOUNDING, OURS = ROOT.parent / "shared" / "reference", ROOT / "benchmarks" / "reference"
NAMES = count()
# What depends on the moment of the call.
TIMES = {"timestamp", "processed_at"}

pytestmark = [
    pytest.mark.skipif(
        not FOUNDING.is_dir(), reason=f"the recorded handlers are not at {FOUNDING}"
    ),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow"),
]

type Load = Callable[[Path], ModuleType]


class FakeTable:
    """Rows in order of time; remembers what is written."""

    def __init__(self, prices: list[str]) -> None:
        self.rows = [
            {"symbol": "BTC", "timestamp": second, "price": Decimal(price)}
            for second, price in enumerate(prices)
        ]
        self.written: list[dict[str, Any]] = []

    def put_item(self, **request: Any) -> dict[str, Any]:
        self.written.append(request)
        return {}

    def query(self, **request: Any) -> dict[str, Any]:
        [symbol] = request["ExpressionAttributeValues"].values()
        newest = [row for row in reversed(self.rows) if row["symbol"] == symbol]
        return {"Items": newest[: request["Limit"]]}

    def update_item(self, **request: Any) -> None:
        names = request["UpdateExpression"].removeprefix("SET ").split(", ")
        values = request["ExpressionAttributeValues"]
        pairs = (each.split(" = ") for each in names)
        self.written.append(
            {
                "key": request["Key"],
                **{name: repr(values[placeholder]) for name, placeholder in pairs},
            }
        )


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Import a handler from a file, as its function does."""
    monkeypatch.setenv("DYNAMODB_TABLE", "prices")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def imported(path: Path) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"handler{next(NAMES)}", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return imported


def outcome(
    handler: ModuleType, event: dict[str, Any], prices: list[str]
) -> dict[str, Any]:
    """Return the answer, without the time, and what was written; or the exception."""
    table = FakeTable(prices)
    handler.table = table
    try:
        answer = handler.lambda_handler(event, None)
    except Exception as error:
        return {"raised": type(error), "written": table.written}
    body = json.loads(answer["body"])
    return {
        "status": answer["statusCode"],
        "body": {k: v for k, v in body.items() if k != "timestamp"},
        "written": table.written,
    }


def without_times(found: dict[str, Any]) -> dict[str, Any]:
    items = [write["Item"] for write in found["written"]]
    kept = [{k: v for k, v in item.items() if k not in TIMES} for item in items]
    return {
        **found,
        "written": kept,
        "types": [{k: type(v) for k, v in item.items()} for item in items],
    }


GOOD = {"symbol": "btc", "price": 100.25, "exchange": "kraken", "trade_id": 7}


@pytest.mark.parametrize(
    "event",
    [
        GOOD,
        {"body": json.dumps(GOOD)},
        {**GOOD, "price": "0.1"},
        {**GOOD, "price": 0},
        {**GOOD, "price": "dear"},
        {**GOOD, "symbol": 5},
        {"symbol": "BTC", "price": 1},
        {"body": "{"},
        {"body": None},
    ],
)
def test_both_store_the_same_row_and_give_the_same_answer(
    load: Load, event: dict[str, Any]
) -> None:
    theirs = outcome(load(FOUNDING / "webhook_processor.py"), event, [])
    ours = outcome(load(OURS / "webhook.py"), event, [])

    assert without_times(ours) == without_times(theirs)


@pytest.mark.parametrize(
    "prices",
    [
        [],
        ["100"],
        ["100", "101.5"],
        [f"{100 + n * n % 17}.{n}" for n in range(15)],
        [f"{100 + n * n % 23}.{n}" for n in range(70)],
    ],
)
@pytest.mark.parametrize("kind", ["INSERT", "MODIFY", "REMOVE"])
def test_both_update_the_row_with_the_same_values(
    load: Load, prices: list[str], kind: str
) -> None:
    image = {
        "symbol": {"S": "BTC"},
        "timestamp": {"N": "7"},
        "price": {"N": "100.3"},
    }
    event = {"Records": [{"eventName": kind, "dynamodb": {"NewImage": image}}] * 2}

    theirs = outcome(load(FOUNDING / "price_enricher.py"), event, prices)
    ours = outcome(load(OURS / "enricher.py"), event, prices)

    assert ours == theirs
