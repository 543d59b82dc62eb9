"""The table of alert rules: read it, and write single rules under a condition."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.market.errors import InvalidValue
from services.rules.rule import Rule, read_rule
from tidemark.machine.errors import ToolError
from tidemark.stored.items import typed_item
from tidemark.stored.tables import Item, plain_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# data-processor reads the rules of a symbol again after five seconds.
IN_EFFECT_MS = 6_000
PROMISED_S = 10


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A row, with its rule or the reason why it is none."""

    row: Item
    rule: Rule | None = None
    reason: str = ""

    @property
    def symbol(self) -> str:
        return str(self.row["symbol"])

    @property
    def rule_id(self) -> str:
        return str(self.row["rule_id"])


@dataclass(frozen=True, slots=True)
class StoredRules:
    """One environment's table. Where there is none, `ToolError` says so."""

    dynamodb: "DynamoDBClient"
    table: str

    def all(self) -> list[StoredRule]:
        """All rows, by symbol and id."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table, ConsistentRead=True
        )
        return self._read(pages)

    def of(self, symbol: str) -> list[StoredRule]:
        """The rows of a symbol, or of `*`, by id."""
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="symbol = :symbol",
            ExpressionAttributeValues={":symbol": {"S": symbol}},
            ConsistentRead=True,
        )
        return self._read(pages)

    def put(self, rule: Rule, *, replace: bool) -> bool:
        """Store a rule. Without `replace`, return False if its id is taken."""
        absent = (
            {} if replace else {"ConditionExpression": "attribute_not_exists(symbol)"}
        )
        return self._write(
            self.dynamodb.put_item, Item=typed_item(rule.row()), **absent
        )

    def remove(self, symbol: str, rule_id: str) -> bool:
        """Delete a row; return False if there is none."""
        return self._write(
            self.dynamodb.delete_item,
            Key=_key(symbol, rule_id),
            ConditionExpression="attribute_exists(symbol)",
        )

    def switch(self, symbol: str, rule_id: str, *, enabled: bool) -> bool:
        """Enable or disable a rule; return False if there is none."""
        return self._write(
            self.dynamodb.update_item,
            Key=_key(symbol, rule_id),
            UpdateExpression="SET enabled = :enabled",
            ConditionExpression="attribute_exists(symbol)",
            ExpressionAttributeValues={":enabled": {"BOOL": enabled}},
        )

    def _read(self, pages: Iterable[Any]) -> list[StoredRule]:
        try:
            rows = [plain_item(item) for page in pages for item in page["Items"]]
        except self.dynamodb.exceptions.ResourceNotFoundException as error:
            raise self._missing() from error
        return sorted(map(read_row, rows), key=lambda read: (read.symbol, read.rule_id))

    def _write(self, operation: Any, **request: Any) -> bool:
        try:
            operation(TableName=self.table, **request)
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        except self.dynamodb.exceptions.ResourceNotFoundException as error:
            raise self._missing() from error
        return True

    def _missing(self) -> ToolError:
        return ToolError(
            f"There is no table {self.table}: deploy this version of the stack first, "
            "with `make up`, or on AWS with `make deploy`."
        )


def read_row(row: Item) -> StoredRule:
    """Read a row as data-processor does."""
    try:
        rule = read_rule(row)
    except InvalidValue as error:
        return StoredRule(row, reason=error.reason)
    if rule.symbol != row["symbol"]:  # the key, by which data-processor looks for it
        reason = f"symbol: {row['symbol']!r:.80} is written {rule.symbol} in ticks"
        return StoredRule(row, reason=reason)
    return StoredRule(row, rule)


def _key(symbol: str, rule_id: str) -> Mapping[str, Any]:
    return typed_item({"symbol": symbol, "rule_id": rule_id})


def find(stored: Iterable[StoredRule], rule_id: str) -> StoredRule | None:
    """The one with this id."""
    found: Iterator[StoredRule] = (each for each in stored if each.rule_id == rule_id)
    return next(found, None)
