"""The rules of the symbols of a batch, read from `alert-rules` every few seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from services.aws.concurrency import concurrently
from services.aws.telemetry import logger
from services.aws.values import plain_row
from services.market.errors import InvalidValue
from services.rules.applying import MOST_RULES, BuiltIn, applying, beyond_limit
from services.rules.rule import ALL_SYMBOLS, Rule, read_rule

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

FRESH_MS = 5_000
MOST_SYMBOLS = 50  # that DynamoDB accepts after IN


@dataclass(frozen=True, slots=True)
class Known:
    """The valid rules of one symbol, or of `*`, and when they were read."""

    read_at_ms: int
    rules: Sequence[Rule]

    def is_fresh(self, now_ms: int) -> bool:
        return now_ms - self.read_at_ms < FRESH_MS


@dataclass(slots=True)
class Rulebook:
    """One table of rules, and those that the settings define."""

    dynamodb: DynamoDBClient
    table: str
    built_in: BuiltIn
    known: dict[str, Known] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def of(self, symbols: Iterable[str], *, now_ms: int) -> dict[str, list[Rule]]:
        """The rules that judge each symbol now. One round trip reads those that were
        not read in the last seconds.
        """
        wanted = {*symbols, ALL_SYMBOLS}
        fresh = {s: known for s, known in self.known.items() if known.is_fresh(now_ms)}
        known = fresh | self._read(sorted(wanted - fresh.keys()), now_ms)
        self.known = known
        general = known[ALL_SYMBOLS].rules
        return {
            symbol: self._judging(symbol, [*known[symbol].rules, *general], now_ms)
            for symbol in wanted - {ALL_SYMBOLS}
        }

    def _read(self, symbols: Sequence[str], now_ms: int) -> dict[str, Known]:
        parts = batched(symbols, MOST_SYMBOLS, strict=False)
        rules: dict[str, list[Rule]] = {symbol: [] for symbol in symbols}
        for rows in concurrently(lambda part: list(self._rows(part)), parts):
            for row in rows:
                rules[row["symbol"]["S"]] += self._parse(row)
        return {symbol: Known(now_ms, found) for symbol, found in rules.items()}

    def _rows(self, symbols: Sequence[str]) -> Iterator[Item]:
        request: Any = {
            "Statement": f'SELECT * FROM "{self.table}" WHERE "symbol" IN '
            f"[{', '.join('?' * len(symbols))}]",
            "Parameters": [{"S": symbol} for symbol in symbols],
            "ConsistentRead": True,
        }
        while True:
            answer = self.dynamodb.execute_statement(**request)
            yield from answer["Items"]
            if "NextToken" not in answer:
                return
            request["NextToken"] = answer["NextToken"]

    def _parse(self, item: Item) -> list[Rule]:
        """The rule of a row, or none if it is malformed."""
        row = plain_row(item)
        try:
            return [read_rule(row)]
        except InvalidValue as error:
            self._refuse(row, error.reason)
            return []

    def _judging(self, symbol: str, stored: Sequence[Rule], now_ms: int) -> list[Rule]:
        rules = applying(symbol, stored, self.built_in, now_ms=now_ms)
        for rule in rules[MOST_RULES:]:
            self._refuse(rule.row(), beyond_limit(symbol))
        return rules[:MOST_RULES]

    def _refuse(self, row: Mapping[str, Any], reason: str) -> None:
        """Log a row that does not judge, once per process and version of the row."""
        version = repr(sorted(row.items()))
        if version in self.refused:
            return
        self.refused.add(version)
        evidence = {"symbol": row["symbol"], "rule_id": row["rule_id"]}
        logger.error("rule refused", extra={**evidence, "reason": reason})
