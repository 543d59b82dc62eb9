from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.firing import Firing, Move, Point
from services.rules.judging import References, Verdict, firings_of_every, judge
from services.rules.rule import Rule
from services.rules.states import SymbolState, read_state
from tests.unit.rules.builders import SYMBOL, change, every_second, level, point
from tests.unit.rules.model import (
    Raised,
    expected,
    on_time,
    raised,
    reference,
    references,
)

NEW = SymbolState(SYMBOL)
LOW_AND_HIGH = level("band", above=150, below=50, cooldown_s=0)


def judged(
    rules: Sequence[Rule],
    points: Sequence[Point],
    state: SymbolState = NEW,
    references: References | None = None,
) -> Verdict:
    return judge(state, rules, points, references or {}, now_ms=0)


def one_by_one(
    batches: Iterable[tuple[Sequence[Rule], Sequence[Point]]],
    references: References | None = None,
) -> Verdict:
    state, fired = NEW, list[Firing]()
    for rules, points in batches:
        verdict = judged(rules, points, state, references)
        state, fired = verdict.state, [*fired, *verdict.firings]
    return Verdict(state, fired)


def prices(verdict: Verdict) -> list[str]:
    return [f"{firing.alert_type} {firing.point.price}" for firing in verdict.firings]


def test_a_price_that_swings_around_a_mark_raises_one_alert() -> None:
    swinging = every_second(["149.99", "150.01"] * 300)

    assert prices(judged([level()], swinging)) == ["HIGH 150.01"]


def test_a_slow_climb_raises_one_alert() -> None:
    climb = every_second(range(100, 400), step=60)

    assert prices(judged([level()], climb)) == ["HIGH 151"]


def test_a_gap_across_both_marks_and_back_raises_an_alert_each_time() -> None:
    gaps = every_second([100, 200, 20, 200], step=60)

    assert prices(judged([LOW_AND_HIGH], gaps)) == ["HIGH 200", "LOW 20", "HIGH 200"]


def test_the_first_tick_of_a_symbol_may_fire() -> None:
    assert prices(judged([level()], [point(151)])) == ["HIGH 151"]


@pytest.mark.parametrize(
    ("inside", "fired"),
    [("149.25", ["HIGH 151", "HIGH 152"]), ("149.26", ["HIGH 151"])],
)
def test_a_rule_is_armed_by_a_tick_that_is_inside_far_enough(
    inside: str, fired: list[str]
) -> None:
    assert prices(judged([level()], every_second([151, inside, 152], step=60))) == fired


@pytest.mark.parametrize(
    ("inside", "fired"), [("50.25", ["LOW 49", "LOW 48"]), ("50.24", ["LOW 49"])]
)
def test_a_low_mark_is_armed_from_above(inside: str, fired: list[str]) -> None:
    ticks = every_second([49, inside, 48], step=60)

    assert prices(judged([level(below=50)], ticks)) == fired


def test_an_alert_that_a_cool_down_holds_back_comes_after_it() -> None:
    ticks = [point(151), point(100, 10), point(152, 20), point(153, 59.999)]

    verdict = judged([level()], [*ticks, point(154, 60), point(155, 120)])

    assert prices(verdict) == ["HIGH 151", "HIGH 154"]
    assert verdict.firings[1].suppressed == 2
    assert verdict.firings[1].previous_price == 151


def test_every_fires_on_each_tick_beyond_without_a_state() -> None:
    every = level(above=150, below=50, mode="every", channels=["ops"])

    fired = [firings_of_every([every, level()], point(p)) for p in (151, 150, 50, 49)]

    assert fired == [
        [Firing(point(151), "dear", "HIGH", Decimal(150), channels=("ops",))],
        [],
        [],
        [Firing(point(49), "dear", "LOW", Decimal(50), channels=("ops",))],
    ]
    assert judged([every], [point(151)]) == Verdict(
        SymbolState(SYMBOL, newest=point(151).timestamp), []
    )


def test_the_state_knows_up_to_which_tick_an_alert_may_have_been_raised() -> None:
    quiet, alert, later = every_second([100, 151, 152])

    before = judged([level()], [quiet]).state
    state = judged([level()], [quiet, alert, later]).state

    assert not before.may_have_raised(quiet)
    assert state.may_have_raised(quiet)
    assert state.may_have_raised(alert)
    assert not state.may_have_raised(later)
    assert read_state(state.row()).may_have_raised(alert)


@pytest.mark.parametrize(
    ("price", "direction", "fired"),
    [
        ("105", "either", ["UP 105"]),
        ("104.99", "either", []),
        ("95", "either", ["DOWN 95"]),
        ("95.01", "either", []),
        ("105", "up", ["UP 105"]),
        ("105", "down", []),
        ("95", "down", ["DOWN 95"]),
        ("95", "up", []),
        ("100", "either", []),
    ],
)
def test_a_change_rule_fires_when_the_move_reaches_its_percentage(
    price: str, direction: str, fired: list[str]
) -> None:
    tick = point(price, 300)
    before: References = {(300, tick.timestamp): Decimal(100)}

    verdict = judged([change(direction=direction)], [tick], references=before)

    assert prices(verdict) == fired


def test_a_move_tells_what_it_compares_with() -> None:
    tick = point(110, 300)

    verdict = judged(
        [change()], [tick], references={(300, tick.timestamp): Decimal(100)}
    )

    assert verdict.firings == [
        Firing(tick, "fast", "UP", Decimal(5), move=Move(Decimal(100), 300))
    ]


def test_a_change_rule_does_not_judge_a_tick_without_a_reference() -> None:
    assert judged([change()], [point(110, 300)]).firings == []


def test_a_change_rule_fires_once_per_window() -> None:
    ticks = [point(p, s) for p, s in ((110, 300), (120, 599), (121, 600))]
    before: References = {(300, tick.timestamp): Decimal(100) for tick in ticks}

    first, second = judged([change()], ticks, references=before).firings

    assert (first.point, second.point) == (ticks[0], ticks[2])
    assert (second.suppressed, second.previous_price) == (1, Decimal(110))


def test_a_tick_that_comes_after_a_newer_one_is_not_judged() -> None:
    first = judged([level()], [point(100, 60)])

    late = judged([level()], [point(151, 59), point(152, 60)], first.state)

    assert late == first


def test_ticks_are_judged_by_their_keys_as_numbers() -> None:
    early, later = Point(f"999.{'0' * 25}", Decimal(1)), Point("1000.0", Decimal(151))

    assert judged([level()], [later, early]).state.newest == "1000.0"


def test_a_changed_rule_starts_anew() -> None:
    first = judged([level()], [point(151)])

    changed = judged([level(above=140)], [point(151, 1)], first.state)

    assert prices(changed) == ["HIGH 151"]
    assert changed.firings[0].previous_price is None


def test_processes_that_know_different_definitions_do_not_start_each_other_anew() -> (
    None
):
    old, new = level(), level(above=140)

    verdict = one_by_one(
        ([rule], [point(151, second)]) for second, rule in enumerate([old, new] * 2)
    )

    assert prices(verdict) == ["HIGH 151", "HIGH 151"]


@pytest.mark.parametrize(("later_ms", "kept"), [(300_000, 2), (300_001, 1)])
def test_the_state_of_a_rule_that_is_gone_is_dropped_after_a_while(
    later_ms: int, kept: int
) -> None:
    first = judged([level("gone")], [point(151)])

    verdict = judge(first.state, [level()], [point(1, 1)], {}, now_ms=later_ms)

    assert len(verdict.state.rules) == kept


def test_judging_stops_before_a_tick_whose_alerts_would_be_too_many() -> None:
    rules = [level("a"), level("b"), level("c", above=160)]
    ticks = every_second([151, 161])

    first = judge(NEW, rules, ticks, {}, now_ms=0, most=2)
    second = judge(first.state, rules, ticks, {}, now_ms=0, most=2)

    assert [f.rule_id for f in first.firings] == ["a", "b"]
    assert [f.rule_id for f in second.firings] == ["c"]
    assert first.state.newest == ticks[0].timestamp


def test_a_tick_that_has_more_alerts_by_itself_is_judged_alone() -> None:
    ticks = every_second([151, 152])

    verdict = judge(NEW, [level("a"), level("b")], ticks, {}, now_ms=0, most=1)

    assert [f.rule_id for f in verdict.firings] == ["a", "b"]


definitions = st.lists(
    st.one_of(
        st.builds(
            lambda mark, rearm, pause: level(
                "crossing", above=mark, rearm_pct=rearm, cooldown_s=pause
            ),
            st.integers(95, 105),
            st.integers(0, 5),
            st.integers(0, 20),
        ),
        st.builds(
            lambda mark, pause: level(
                "band", above=mark, below=mark - 5, cooldown_s=pause
            ),
            st.integers(98, 108),
            st.integers(0, 20),
        ),
        st.builds(
            lambda pct, window, direction: change(
                change_pct=pct, window_s=window, direction=direction
            ),
            st.integers(1, 8),
            st.integers(1, 20),
            st.sampled_from(["up", "down", "either"]),
        ),
    ),
    unique_by=lambda rule: rule.rule_id,
)
histories = st.lists(
    st.builds(point, st.integers(90, 110), st.integers(0, 60)), max_size=40
)


def distinct(points: Iterable[Point]) -> list[Point]:
    first = {p.timestamp: p for p in points}
    return sorted(first.values(), key=lambda p: p.order)


def all_raised(verdict: Verdict) -> list[Raised]:
    found = map(raised, verdict.firings)
    return sorted(found, key=lambda r: (Decimal(r.timestamp), r.rule_id))


@given(definitions, histories, st.lists(st.integers(0, 40), max_size=8))
def test_any_split_into_batches_raises_what_one_loop_over_the_history_does(
    rules: list[Rule], points: list[Point], cuts: list[int]
) -> None:
    points = distinct(points)
    known = references(rules, points)
    edges = pairwise([0, *sorted(cuts), len(points)])

    verdict = one_by_one(((rules, points[a:b]) for a, b in edges), known)

    assert all_raised(verdict) == expected(rules, points, partial(reference, points))


@given(definitions, histories)
def test_any_order_of_arrival_raises_what_the_ticks_on_time_do(
    rules: list[Rule], arrivals: list[Point]
) -> None:
    known = references(rules, arrivals)

    verdict = one_by_one(((rules, [tick]) for tick in arrivals), known)

    assert verdict == judged(rules, on_time(arrivals), NEW, known)


@given(definitions, histories)
def test_judging_again_raises_nothing(rules: list[Rule], points: list[Point]) -> None:
    known = references(rules, points)
    once = judged(rules, points, NEW, known)

    assert judged(rules, points, once.state, known) == replace(once, firings=[])


@given(definitions, histories)
def test_a_state_is_read_back_from_its_row(
    rules: list[Rule], points: list[Point]
) -> None:
    state = judged(rules, points, NEW, references(rules, points)).state

    assert read_state(state.row()) == state
