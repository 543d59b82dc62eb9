"""Insert ticks into crypto-prices, each once.

A redelivered tick does not overwrite its row, which may be enriched by now, and makes
no stream record, because an insert fails if the key exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from services.aws.items import Key, get_items, item_key, key_of
from services.aws.statements import DUPLICATE, Statement, execute
from services.market.errors import Unavailable
from services.market.event_time import iso
from services.market.money import plain
from services.market.tick import Tick

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.aws.items import Item
    from services.exchanges.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Inserted:
    """What became of each tick. A conflict has the key of a different tick."""

    accepted: list[Tick] = field(default_factory=list)
    duplicates: list[Tick] = field(default_factory=list)
    conflicts: list[Tick] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Prices:
    """The table of ticks; the JSON of a tick is stored up to `raw_data_max` bytes."""

    dynamodb: DynamoDBClient
    table: str
    raw_data_max: int

    def insert(
        self, ticks: Iterable[Tick], delivery: Delivery, *, now_ms: int
    ) -> Inserted:
        """Insert each tick whose key does not exist, those of a symbol in their order.

        Raises `Unavailable` or one of `AWS_ERRORS` if it is unknown whether all are
        stored. Inserting the same ticks again is then correct and harmless.
        """
        result = Inserted()
        rows = _one_per_key(ticks, result)
        statements = {
            key: self._insertion(key, rows[key], delivery, now_ms)
            for key in sorted(rows)
        }
        symbols = [symbol for symbol, _ in statements]
        execute(self.dynamodb, list(statements.values()), groups=symbols)
        outcomes = {k: code for k in rows if (code := statements[k].outcome)}
        refusals = [code for code in outcomes.values() if code != DUPLICATE]
        if refusals:
            raise Unavailable("INSERT", refusals[0], len(refusals))
        result.accepted.extend(rows[key] for key in rows if key not in outcomes)
        self._compare_with_stored({key: rows[key] for key in outcomes}, result)
        return result

    def _insertion(
        self, key: Key, tick: Tick, delivery: Delivery, now_ms: int
    ) -> Statement:
        row = _row(key, tick, delivery, now_ms)
        if len(tick.raw) > self.raw_data_max:
            del row["raw_data"]
        return Statement.insert(self.table, row)

    def _compare_with_stored(self, present: dict[Key, Tick], result: Inserted) -> None:
        keys = (item_key(key) for key in present)
        stored = get_items(self.dynamodb, self.table, keys)
        contents = {key_of(item): _content(item) for item in stored}
        for key, tick in present.items():
            _compare(tick, contents.get(key), result)


def _one_per_key(ticks: Iterable[Tick], result: Inserted) -> dict[Key, Tick]:
    """The ticks by key, since a batch with the same key twice fails as a whole."""
    rows: dict[Key, Tick] = {}
    for tick in ticks:
        key = (tick.symbol, tick.timestamp)
        if key in rows:
            _compare(tick, rows[key].content, result)
        else:
            rows[key] = tick
    return rows


def _compare(tick: Tick, content: object, result: Inserted) -> None:
    same = tick.content == content
    (result.duplicates if same else result.conflicts).append(tick)


def _row(key: Key, tick: Tick, delivery: Delivery, now_ms: int) -> Item:
    optional = {
        "trade_id": _text(tick.trade_id),
        "volume": None if tick.volume is None else _number(tick.volume),
        "side": _text(tick.side),
    }
    return {
        **item_key(key),
        "price": _number(tick.price),
        "exchange": {"S": tick.exchange},
        "kind": {"S": tick.kind},
        "received_at": {"N": str(delivery.received_at_ms)},
        "processed_at": {"S": iso(now_ms)},
        "request_id": {"S": delivery.request_id},
        "raw_data": {"S": tick.raw},
        **{name: value for name, value in optional.items() if value is not None},
    }


def _number(amount: Decimal) -> AttributeValueTypeDef:
    return {"N": plain(amount)}


def _text(text: str | None) -> AttributeValueTypeDef | None:
    return None if text is None else {"S": text}


def _content(item: Item) -> tuple[object, ...]:
    """The `Tick.content` of a stored row."""
    return (
        item.get("exchange", {}).get("S"),
        item.get("kind", {}).get("S"),
        item.get("trade_id", {}).get("S"),
        _amount(item.get("price", {}).get("N")),
        _amount(item.get("volume", {}).get("N")),
        item.get("side", {}).get("S"),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
