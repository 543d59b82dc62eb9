"""A symbol in a batch: what is still to be judged, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.aws.transactions import MOST_ITEMS
from services.data_processor.alert import Alert, raised
from services.data_processor.batch import Delivery
from services.data_processor.claims import Claim, State, told_apart
from services.data_processor.message import Quote
from services.rules.change import Change
from services.rules.firing import Firing, Point
from services.rules.judging import judge
from services.rules.rule import Rule
from services.rules.states import SymbolState

# A transaction writes one row for each alert, and the state.
MOST_ALERTS = MOST_ITEMS - 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """The state that is to follow, and the alerts whose rows are written with it.

    `conflicts` are alerts that have the key of another one, and `present` those whose
    rows exist already. `judged` are the timestamps of the ticks that are then done.
    `old` is the number of ticks that came after a newer one was judged, and `late` that
    of those which had not been judged with it.
    """

    state: SymbolState
    alerts: Sequence[Alert]
    conflicts: Sequence[Claim]
    present: Sequence[Alert]
    judged: frozenset[str]
    old: int
    late: int

    @property
    def changes_nothing(self) -> bool:
        return not self.judged and not self.old


@dataclass(slots=True)
class Case:
    """`waiting` are the ticks that are not judged, by timestamp. Among them are those
    that were stored before these, once the case `is_caught_up`.

    `claims` are the alerts that were committed, and `present` those whose rows existed
    before: they are to be taken over. `alerted_before` are the ticks on which another
    process may have raised an alert. `failed` is True if the ticks that wait have to be
    delivered again.
    """

    symbol: str
    rules: Sequence[Rule]
    waiting: dict[str, Delivery]
    is_caught_up: bool = False
    references: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    is_referenced: bool = False
    claims: list[Claim] = field(default_factory=list)
    present: list[Alert] = field(default_factory=list)
    existing: set[str] = field(default_factory=set)
    alerted_before: list[Delivery] = field(default_factory=list)
    late: int = 0
    failed: bool = False

    def must_catch_up(self, state: SymbolState) -> bool:
        """Return True, once, if a tick that is not judged is before one that waits."""
        if self.is_caught_up:
            return False
        self.is_caught_up = True
        before = {
            delivery.quote.previous
            for delivery in self.waiting.values()
            if state.is_new(delivery.point)
        }
        return any(
            state.is_after_newest(key)
            for key in before - self.waiting.keys()
            if key is not None
        )

    def catch_up(self, quotes: Iterable[Quote]) -> None:
        """Judge these ticks, too, whose messages are still to come."""
        self.waiting |= {quote.timestamp: Delivery(quote, ()) for quote in quotes}

    def references_to_read(
        self, state: SymbolState
    ) -> list[tuple[int, Sequence[Point]]]:
        """The windows of the change rules and the ticks that these will judge; nothing
        the second time.
        """
        points = [d.point for d in self.waiting.values() if state.is_new(d.point)]
        if self.is_referenced or not points:
            return []
        self.is_referenced = True
        changes = (rule.condition for rule in self.rules)
        windows = {c.window_s for c in changes if isinstance(c, Change)}
        return [(window_s, points) for window_s in sorted(windows)]

    def attempt(self, state: SymbolState, *, now_ms: int, max_age_s: int) -> Attempt:
        """Judge the ticks that wait, as far as one transaction can store the alerts."""
        points = [delivery.point for delivery in self.waiting.values()]
        verdict = judge(
            state,
            self.rules,
            points,
            self.references,
            now_ms=now_ms,
            most=MOST_ALERTS,
        )
        old = self._old(state)
        ahead = min(old, state.ahead)
        judged = {
            point.timestamp
            for point in points
            if state.is_new(point) and not verdict.state.is_new(point)
        }
        early = sum(self.waiting[timestamp].is_ahead for timestamp in judged)
        alerts, conflicts = told_apart(
            [self._alert(firing, now_ms, max_age_s) for firing in verdict.firings]
        )
        return Attempt(
            state=replace(
                verdict.state,
                late=state.late + old - ahead,
                ahead=state.ahead - ahead + early,
            ),
            alerts=[a for a in alerts if a.alert_id not in self.existing],
            conflicts=conflicts,
            present=[a for a in alerts if a.alert_id in self.existing],
            judged=frozenset(judged),
            old=old,
            late=old - ahead,
        )

    def _alert(self, firing: Firing, now_ms: int, max_age_s: int) -> Alert:
        quote = self.waiting[firing.point.timestamp].quote
        return raised(quote, firing, now_ms=now_ms, max_age_s=max_age_s)

    def commit(self, attempt: Attempt) -> None:
        """Note what was written. Ticks up to the newest judged one are done."""
        self.claims += [Claim(alert, State.WON) for alert in attempt.alerts]
        self.claims += attempt.conflicts
        self.present += attempt.present
        self.late += attempt.late
        done = [
            delivery
            for delivery in self.waiting.values()
            if not attempt.state.is_new(delivery.point)
        ]
        self.alerted_before += [
            delivery
            for delivery in done
            if not delivery.is_ahead
            and delivery.quote.timestamp not in attempt.judged
            and attempt.state.may_have_raised(delivery.point)
        ]
        for delivery in done:
            del self.waiting[delivery.quote.timestamp]

    def _old(self, state: SymbolState) -> int:
        """The number of ticks that come after a newer one. The newest one itself, and
        ticks whose messages came before, are not counted.
        """
        newest = None if state.newest is None else Decimal(state.newest)
        return sum(
            not state.is_new(delivery.point)
            and not delivery.is_ahead
            and not delivery.repeated
            and delivery.point.order != newest
            for delivery in self.waiting.values()
        )


def cases_of(
    deliveries: Iterable[Delivery], rules: Mapping[str, Sequence[Rule]]
) -> list[Case]:
    """The symbols that have a rule with a state."""
    by_symbol: dict[str, dict[str, Delivery]] = {}
    for delivery in deliveries:
        quote = delivery.quote
        by_symbol.setdefault(quote.symbol, {})[quote.timestamp] = delivery
    stateful = {
        symbol: [rule for rule in rules[symbol] if not rule.is_stateless]
        for symbol in by_symbol
    }
    return [Case(s, stateful[s], by_symbol[s]) for s in by_symbol if stateful[s]]
