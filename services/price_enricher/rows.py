"""Values onto rows, so that an older view never replaces a newer one.

Two enrichers may work on one symbol at the same time. Ticks are only ever added, so
views of a row are ordered by (`window_n`, `window_from`) and the greatest is the last
one: an update applies only upwards, and being refused is no error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.aws.statements import (
    CONDITION_FAILED,
    INVALID,
    Statement,
    execute,
)
from services.price_enricher.enrichment import Enriched

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_SET = ("ma_10", "ma_20", "volatility", "price_change_pct", "window_n", "window_from")
# A view of another type than a number is another producer's, and no view.
_NEWER = (
    "window_n IS MISSING OR NOT attribute_type(window_n, 'N') OR window_n < ? "
    "OR (window_n = ? "
    "AND (NOT attribute_type(window_from, 'N') OR window_from < ?))"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """DynamoDB's refusal of one row, after all attempts; not for a newer view."""

    entry: Enriched
    code: str
    detail: str

    @property
    def invalid(self) -> bool:
        """Return True if the row can never take its values."""
        return self.code in INVALID

    @property
    def reason(self) -> str:
        return f"row: refused by DynamoDB, {self.code}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Rows:
    """One table's rows, seen from the enricher."""

    dynamodb: DynamoDBClient
    table: str

    def write(self, enriched: Sequence[Enriched]) -> list[Refusal]:
        """Write the values; return what DynamoDB refused.

        An insert's row is `enriched` afterwards, also where the values of a newer view
        are kept. A row that is only corrected is not: its own insert may have been
        lost, and a repair finds it by that.
        """
        values = [
            self._update(entry) if entry.changed else self._mark(entry)
            for entry in enriched
        ]
        execute(self.dynamodb, values)
        kept = [
            entry
            for entry, statement in zip(enriched, values, strict=True)
            if entry.inserted and statement.outcome == CONDITION_FAILED
        ]
        marks = [self._mark(entry) for entry in kept]
        execute(self.dynamodb, marks)
        done = zip([*enriched, *kept], [*values, *marks], strict=True)
        return [
            Refusal(entry, statement.outcome, statement.detail)
            for entry, statement in done
            if statement.outcome and statement.outcome != CONDITION_FAILED
        ]

    def _mark(self, entry: Enriched) -> Statement:
        return Statement(
            f'UPDATE "{self.table}" SET enriched = true '
            'WHERE "symbol" = ? AND "timestamp" = ?',
            [{"S": entry.symbol}, _number(entry.row.point.timestamp)],
        )

    def _update(self, entry: Enriched) -> Statement:
        values = entry.values
        n, start = _number(values.window_n), _number(values.window_from)
        assignments = " ".join(f"SET {name} = ?" for name in _SET)
        enriched = "SET enriched = true " if entry.inserted else ""
        return Statement(
            f'UPDATE "{self.table}" {assignments} {enriched}'
            f'WHERE "symbol" = ? AND "timestamp" = ? AND ({_NEWER})',
            [
                _number(values.ma_10),
                _number(values.ma_20),
                _number(values.volatility),
                _number(values.price_change_pct),
                n,
                start,
                {"S": entry.symbol},
                _number(entry.row.point.timestamp),
                n,
                n,
                start,
            ],
        )


def _number(value: Decimal | int | str) -> AttributeValueTypeDef:
    return {"N": str(value)}
