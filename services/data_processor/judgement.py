"""Judge a batch by the rules that have a state, and commit what they raise.

The next state of a symbol and the rows of its alerts are written together, if the state
is still the one that was read. A process that loses a race reads and judges again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.aws import backoff
from services.aws.clients import AWS_ERRORS
from services.aws.concurrency import concurrently
from services.aws.isolation import isolated
from services.aws.statements import CONDITION_FAILED
from services.aws.telemetry import logger
from services.aws.transactions import transact
from services.data_processor.backlog import Backlog
from services.data_processor.case import Attempt, Case
from services.data_processor.claims import Claims
from services.data_processor.history import History
from services.data_processor.lease import Lease, clock_ms
from services.data_processor.states import OUTDATED, States, state_of
from services.market.errors import InvalidValue, Unavailable
from services.rules.firing import Point
from services.rules.judging import References
from services.rules.states import SymbolState

type ReferenceQuery = tuple[Case, int, Sequence[Point]]

MOST_ATTEMPTS = backoff.MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Judgement:
    """The tables that judging reads and writes."""

    states: States
    claims: Claims
    history: History
    backlog: Backlog
    lease: Lease
    max_age_s: int

    def judge(self, cases: Sequence[Case]) -> None:
        """Judge the cases until nothing waits in them, or they have failed.

        Only lost races count as attempts: a case with more alerts than one transaction
        can store takes several rounds. Whoever wins a race has finished with the state,
        so that the first retry need not wait.
        """
        lost = 0
        while cases:
            outdated = self._round(cases)
            lost += bool(outdated)
            if outdated and (lost == MOST_ATTEMPTS or not self.lease.has_time()):
                fail(outdated, "outdated")
            elif outdated and lost > 1:
                time.sleep(backoff.delay_s(lost - 1))
            cases = [case for case in cases if case.waiting and not case.failed]

    def _round(self, cases: Sequence[Case]) -> list[Case]:
        """Judge each case once; return those to be judged again."""
        try:
            rows = self.states.read([case.symbol for case in cases])
        except (*AWS_ERRORS, Unavailable) as error:
            fail(cases, error)
            return []
        states = {
            case.symbol: state
            for case in cases
            if (state := _alone(case, lambda c: state_of(c.symbol, rows.get(c.symbol))))
        }
        read = [case for case in cases if case.symbol in states]
        self._catch_up(read, states)
        self._read_references(read, states)
        attempts = [
            (case, attempt)
            for case in read
            if not case.failed
            and (attempt := _alone(case, lambda c: self._attempt(c, states[c.symbol])))
        ]
        return self._commit(attempts)

    def _catch_up(
        self, cases: Sequence[Case], states: Mapping[str, SymbolState]
    ) -> None:
        """Add the stored ticks that have to be judged before those that wait."""
        behind = [case for case in cases if case.must_catch_up(states[case.symbol])]
        concurrently(lambda case: self._read_backlog(case, states[case.symbol]), behind)

    def _read_backlog(self, case: Case, state: SymbolState) -> None:
        try:
            case.catch_up(self.backlog.before(case.symbol, case.waiting, state.newest))
        except AWS_ERRORS as error:
            fail([case], error)

    def _read_references(
        self, cases: Sequence[Case], states: Mapping[str, SymbolState]
    ) -> None:
        """Read the prices that change rules compare with, all at the same time."""
        queries = [
            (case, *query)
            for case in cases
            for query in case.references_to_read(states[case.symbol])
        ]
        for case, found in concurrently(self._read_reference, queries):
            case.references |= found

    def _read_reference(self, query: ReferenceQuery) -> tuple[Case, References]:
        case, window_s, points = query
        try:
            found = self.history.references(case.symbol, points, window_s)
        except AWS_ERRORS as error:
            fail([case], error)
            return case, {}
        return case, found

    def _attempt(self, case: Case, state: SymbolState) -> Attempt:
        return case.attempt(state, now_ms=clock_ms(), max_age_s=self.max_age_s)

    def _commit(self, attempts: Sequence[tuple[Case, Attempt]]) -> list[Case]:
        """Write the next states: those without alerts in batches, and each of the
        others in a transaction. Return the cases to be judged again.
        """
        quiet = [(c, a) for c, a in attempts if not a.alerts and not a.changes_nothing]
        loud = [(case, attempt) for case, attempt in attempts if attempt.alerts]
        refusals = self.states.write([attempt.state for _, attempt in quiet])
        reasons = concurrently(self._transact, loud)
        outdated: list[Case] = []
        for (case, attempt), refusal in zip(
            [*quiet, *loud], [*refusals, *reasons], strict=True
        ):
            if refusal is None:
                case.commit(attempt)
            elif refusal in OUTDATED:
                outdated.append(case)
            else:
                fail([case], refusal)
        for case, attempt in attempts:
            if attempt.changes_nothing:
                case.commit(attempt)
        return outdated

    def _transact(self, judged: tuple[Case, Attempt]) -> str | None:
        """Write a state and its alerts; return the code of a refusal. Alerts whose rows
        exist are noted, and are not written the next time.
        """
        case, attempt = judged
        until_ms = self.lease.until_ms
        rows = [self.claims.insertion(a, until_ms=until_ms) for a in attempt.alerts]
        try:
            codes = transact(
                self.claims.dynamodb, [self.states.put(attempt.state), *rows]
            )
        except AWS_ERRORS as error:  # it may have been written
            return str(error)
        if not codes:
            return None
        case.existing |= {
            alert.alert_id
            for alert, code in zip(attempt.alerts, codes[1:], strict=True)
            if code == CONDITION_FAILED
        }
        others = [code for code in codes if code not in (*OUTDATED, "None")]
        return others[0] if others else CONDITION_FAILED


def fail(cases: Sequence[Case], reason: object) -> None:
    """Let the messages of the ticks that wait be delivered again."""
    for case in cases:
        case.failed = True
        evidence = {"symbol": case.symbol, "ticks": len(case.waiting)}
        logger.error("ticks not judged", extra={**evidence, "reason": str(reason)})


def _alone[Result](case: Case, work: Callable[[Case], Result]) -> Result | None:
    """Do the work, or fail the case if it triggers a bug."""
    try:
        return isolated(lambda: work(case), symbol=case.symbol)
    except InvalidValue as error:
        fail([case], error)
        return None
