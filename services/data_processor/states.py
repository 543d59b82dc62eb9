"""The table of alert states: what judging remembers of each symbol.

A row is replaced only by whoever read it: the write depends on its version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.aws.items import get_items
from services.aws.statements import (
    CONDITION_FAILED,
    DUPLICATE,
    Statement,
    execute,
)
from services.aws.transactions import put_if
from services.aws.values import plain_row, typed_row
from services.rules.states import SymbolState, read_state

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from services.aws.items import Item

OUTDATED = frozenset((DUPLICATE, CONDITION_FAILED))


@dataclass(frozen=True, slots=True)
class States:
    """One table of states."""

    dynamodb: DynamoDBClient
    table: str

    def read(self, symbols: Collection[str]) -> dict[str, Item]:
        """The rows that exist, by symbol. Raises `Unavailable` while throttled."""
        keys: Iterable[Item] = ({"symbol": {"S": symbol}} for symbol in symbols)
        found = get_items(self.dynamodb, self.table, keys)
        return {row["symbol"]["S"]: row for row in found}

    def write(self, states: Sequence[SymbolState]) -> list[str | None]:
        """Write the states, each if its version is the table's; return the code of
        each refusal: one of `OUTDATED` if another process was first.
        """
        statements = [self._statement(state) for state in states]
        execute(self.dynamodb, statements)
        return [statement.outcome for statement in statements]

    def put(self, state: SymbolState) -> TransactWriteItemTypeDef:
        """The same as `write` does, as a part of a transaction."""
        item = _item(state)
        if not state.version:
            return put_if(self.table, item, "attribute_not_exists(symbol)")
        return put_if(self.table, item, "version = :0", {"N": str(state.version)})

    def _statement(self, state: SymbolState) -> Statement:
        item = _item(state)
        if not state.version:
            return Statement.insert(self.table, item)
        names = [name for name in item if name != "symbol"]
        assignments = " ".join(f'SET "{name}" = ?' for name in names)
        return Statement(
            f'UPDATE "{self.table}" {assignments} WHERE "symbol" = ? AND "version" = ?',
            [
                *(item[name] for name in names),
                item["symbol"],
                {"N": str(state.version)},
            ],
        )


def state_of(symbol: str, row: Item | None) -> SymbolState:
    """The state in a row, or that of a symbol without one."""
    return SymbolState(symbol) if row is None else read_state(plain_row(row))


def _item(state: SymbolState) -> Item:
    return typed_row(replace(state, version=state.version + 1).row())
