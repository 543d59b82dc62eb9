"""The tables of data-processor, and the handler that uses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.values import typed_row
from services.data_processor import handler
from services.data_processor.abandoned import Abandoned
from services.data_processor.backlog import Backlog
from services.data_processor.claims import Claims
from services.data_processor.history import History
from services.data_processor.rulebook import Rulebook
from services.data_processor.states import States
from services.market.marks import read_marks
from services.rules.applying import BuiltIn
from services.rules.firing import Point
from services.rules.level import Mode
from services.rules.rule import Rule
from tests.integration.dynamodb import RULE_KEY, SYMBOL_KEY, fresh_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables."""

    dynamodb: DynamoDBClient
    prices: str
    alerts: str
    rules: str
    states: str

    def install(
        self,
        patch: pytest.MonkeyPatch,
        client: DynamoDBClient,
        *,
        mode: Mode = "every",
        marks: str = "",
    ) -> None:
        """Give the handler these tables, seen through a client."""
        built_in = BuiltIn(read_marks("150", "50", marks), mode)
        patch.setattr(handler, "rulebook", Rulebook(client, self.rules, built_in))
        patch.setattr(handler, "states", States(client, self.states))
        patch.setattr(handler, "history", History(client, self.prices))
        patch.setattr(handler, "backlog", Backlog(client, self.prices))
        patch.setattr(handler, "claims", Claims(client, self.alerts))
        patch.setattr(handler, "abandoned", Abandoned(client, self.alerts))

    def put_rule(self, rule: Rule) -> None:
        self.dynamodb.put_item(TableName=self.rules, Item=typed_row(rule.row()))

    def put_prices(self, symbol: str, points: Iterable[Point], **more: Any) -> None:
        for point in points:
            row = {"symbol": symbol, "price": point.price, **more}
            item = {**typed_row(row), "timestamp": {"N": point.timestamp}}
            self.dynamodb.put_item(TableName=self.prices, Item=item)


@contextmanager
def fresh_tables(dynamodb: DynamoDBClient) -> Iterator[Tables]:
    """Empty tables."""
    with (
        fresh_table(dynamodb) as prices,
        fresh_table(dynamodb) as alerts,
        fresh_table(dynamodb, RULE_KEY) as rules,
        fresh_table(dynamodb, SYMBOL_KEY) as states,
    ):
        yield Tables(dynamodb, prices, alerts, rules, states)
