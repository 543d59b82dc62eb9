"""The bundled minute of venues' frames has rules that suit its prices."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.market.tick import Tick
from services.rules.rule import read_rule
from tidemark.replay import minute

NOW = datetime(2026, 11, 26, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def prices() -> dict[str, list[Decimal]]:
    found = defaultdict(list)
    for entry in minute.entries():
        frame = entry.frame.encode()
        delivery = Delivery(frame, entry.exchange, NOW_MS, "r", entry.query)
        for tick in registry.read(delivery):
            if isinstance(tick, Tick):
                found[tick.symbol].append(tick.price)
    return dict(found)


def test_each_symbol_has_a_mark_that_it_starts_below_and_ends_beyond() -> None:
    found = prices()

    assert found.keys() == minute.MARKS.keys()
    assert [
        symbol
        for symbol, mark in minute.MARKS.items()
        if not found[symbol][0] < Decimal(mark) < max(found[symbol])
    ] == []


@pytest.mark.parametrize(("minutes", "expired"), [(9, False), (10, True)])
def test_its_rules_expire_once_it_is_over(minutes: int, expired: bool) -> None:
    rules = [read_rule(row) for row in minute.rules(NOW)]

    assert {rule.symbol for rule in rules} == minute.MARKS.keys()
    assert {rule.has_expired(NOW_MS + minutes * 60_000) for rule in rules} == {expired}
