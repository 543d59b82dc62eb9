"""A trial gives what the model of the rules gives for the same ticks in order."""

from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.firing import Point
from services.rules.rule import Rule
from tests.unit.rules.builders import NOON_MS, SYMBOL, change, every_second, level
from tests.unit.rules.model import expected, raised
from tidemark.rules import trial
from tidemark.rules.ticks import Ticks
from tidemark.rules.trial import Trial

RULES = (
    level(above=104, below=96, cooldown_s=0),
    level(above=104, cooldown_s=3),
    level(above=104, mode="every"),
    change(change_pct=2, window_s=2),
    change(change_pct=2, window_s=2, direction="up"),
)


def stored(points: Sequence[Point], symbol: str = SYMBOL) -> Ticks:
    ticks = Ticks()
    for point in points:
        ticks.add(symbol, point.timestamp, point.price)
    return ticks


def tried(rule: Rule, points: Sequence[Point], **options: Any) -> Trial:
    with closing(stored(points)) as ticks:
        return trial.run(rule, ticks, SYMBOL, **options)


def reference(points: Sequence[Point]) -> Any:
    def newest(point: Point, window_s: int) -> Decimal | None:
        until = point.time_ns - window_s * 10**9
        earlier = [p.price for p in points if p.time_ns <= until]
        return earlier[-1] if earlier else None

    return newest


@pytest.mark.parametrize("rule", RULES)
@given(
    prices=st.lists(st.integers(90, 110), min_size=1, max_size=40),
    batch=st.integers(1, 10),
    data=st.data(),
)
def test_it_fires_as_the_rules_say_in_any_batches_and_any_order_of_the_file(
    rule: Rule, prices: list[int], batch: int, data: st.DataObject
) -> None:
    points = every_second(prices, step=0.5)
    shuffled = data.draw(st.permutations(points))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "BATCH", batch)
        found = tried(rule, shuffled)

    assert [raised(f) for f in found.firings] == expected(
        [rule], points, reference(points)
    )
    assert (found.ticks, found.fired) == (len(points), len(found.firings))


def test_what_is_held_back_is_counted_to_the_end() -> None:
    found = tried(level(), every_second([151, 152, 100, 153, 154], step=40))

    assert [f.point.price for f in found.firings] == [151, 153]
    assert found.held_back == 2


def test_ticks_before_the_span_are_only_compared_with() -> None:
    points = every_second([100, 110, 100], step=300)

    found = tried(change(window_s=300), points, since_ms=NOON_MS + 600_000)

    assert [(f.alert_type, f.point.price) for f in found.firings] == [("DOWN", 100)]
    assert found.ticks == 1


def test_a_disabled_or_expired_rule_of_another_symbol_is_tried_all_the_same() -> None:
    rule = level(enabled=False, expires_at="2020-01-01T00:00:00Z", symbol="ETH-USD")

    assert tried(rule, every_second([151])).fired == 1


def test_only_the_last_firings_are_kept() -> None:
    found = tried(level(mode="every"), every_second(range(200, 300)), limit=2)

    assert [f.point.price for f in found.firings] == [298, 299]
    assert found.fired == 100


def test_the_same_tick_in_two_files_is_judged_once() -> None:
    points = every_second([151, 151])

    assert tried(level(mode="every"), [*points, *points]).fired == 2


def test_symbols_are_told_apart() -> None:
    with closing(stored(every_second([1, 2, 3]))) as ticks:
        ticks.add("ETH", f"{NOON_MS}.{'0' * 25}", Decimal(5))

        assert ticks.counts() == {SYMBOL: 3, "ETH": 1}
        assert ticks.counts(since_ms=NOON_MS + 1) == {SYMBOL: 2}
        assert [p.price for p in ticks.points("ETH")] == [5]


def test_the_sketch_of_many_ticks_is_short_and_keeps_the_extremes_and_alerts() -> None:
    prices = [100 + (i % 7) for i in range(5000)]
    prices[1234], prices[4321] = 500, 1

    found = tried(level(above=400), every_second(prices))

    drawn = [*found.sketch.points()]
    assert len(drawn) <= 1000
    assert (min(p.price for p in drawn), max(p.price for p in drawn)) == (1, 500)
    assert [p.price for p in found.sketch.alerts()] == [500]
    assert [p.order for p in drawn] == sorted(p.order for p in drawn)
    assert len(drawn) > 250
