"""Read a whole table and decide what holds for all its rows, before the first is
judged.

This is the decimal mark of each column of numbers, the order of the dates, the zone of
the clocks, whether a sign is a side, and whether the ids have lost digits. If neither
the rows nor a setting show one of them, the file is refused and the message names the
setting to add.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from services.market.errors import InvalidValue
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.tables.plans import Plan
from tidemark.replay.reading.tables.shared_ids import SHARED, SharedIds
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import numbers, times
from tidemark.replay.reading.values.numbers import PLAIN, Evidence
from tidemark.replay.reading.values.time_evidence import TimeEvidence

NUMBERS = ("price", "volume", "quote", "fee", "open", "high", "low")
_SAFE_DIGITS = 15  # digits that a spreadsheet's number keeps


@dataclass(frozen=True, slots=True)
class Conventions:
    """What holds for all rows of a table.

    This is the decimal mark of each role, the order of the dates, the zone of clocks
    that name none, and whether a negative volume is a sale.
    """

    marks: Mapping[str, str]
    order: str
    zone: tzinfo
    is_signed: bool
    ids_are_rounded: bool
    ids_are_shared: bool = False
    overrules: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    evidence: dict[str, Evidence]
    times: TimeEvidence = field(default_factory=TimeEvidence)
    is_negative: bool = False
    shared_ids: SharedIds = field(default_factory=SharedIds)
    long_ids: int = 0
    rounded_ids: int = 0


def survey(table: Table, plan: Plan) -> Conventions:
    """Read all rows once. Raises `Refusal`, which names the missing settings."""
    seen = _Seen({role: Evidence() for role in NUMBERS if role in plan.roles})
    for number, cells in table.rows():
        if not isinstance(cells, Exception):
            _look(seen, plan, cells, number)
    marks, asked = _marks(seen.evidence, plan, points_tell=not table.has_semicolons)
    decided = seen.times.decide(plan.settings, plan.layout)
    if asked := [*asked, *decided.asked]:
        raise Refusal(" ".join(asked))
    lost = seen.long_ids > 1 and seen.long_ids == seen.rounded_ids
    return Conventions(
        marks,
        decided.order,
        decided.zone or UTC,
        plan.layout.sign_is_side or (seen.is_negative and "side" not in plan.roles),
        lost,
        seen.shared_ids.found,
        decided.overrules,
        (*decided.notes, *((SHARED,) if seen.shared_ids.found else ())),
    )


def time_text(cells: Sequence[str], roles: Mapping[str, int]) -> str:
    """Return the text of a row's time; join date and clock if they are separate."""
    text = cells[roles["time"]].strip()
    return f"{text} {cells[roles['clock']].strip()}" if "clock" in roles else text


def _look(seen: _Seen, plan: Plan, cells: Sequence[str], number: int) -> None:
    roles = plan.roles
    for role, evidence in seen.evidence.items():
        if roles[role] < len(cells):
            _weigh(evidence, cells[roles[role]].strip())
    if _has(cells, roles, "volume"):
        seen.is_negative |= numbers.is_negative(cells[roles["volume"]])
    if _has(cells, roles, "id") and cells[roles["id"]].strip():
        _count_id(seen, cells[roles["id"]].strip())
        seen.shared_ids.add(cells, roles)
    if _has(cells, roles, "time") and roles.get("clock", 0) < len(cells):
        text = time_text(cells, roles)
        if not seen.times.is_known(text, plan.layout):
            with suppress(InvalidValue):  # reported when the row is read
                seen.times.add(times.parse(text), plan.layout, text, number)


def _has(cells: Sequence[str], roles: Mapping[str, int], role: str) -> bool:
    return role in roles and roles[role] < len(cells)


def _weigh(evidence: Evidence, cell: str) -> None:
    if PLAIN.fullmatch(cell):
        if "." in cell and "," in evidence.marks:
            evidence.add(cell)
        return
    with suppress(InvalidValue):  # reported when the row is read
        evidence.add(numbers.parse(cell).body)


def _count_id(seen: _Seen, text: str) -> None:
    if len(text) > _SAFE_DIGITS and text.isascii() and text.isdigit():
        seen.long_ids += 1
        seen.rounded_ids += not text[_SAFE_DIGITS:].strip("0")


def _marks(
    evidence: Mapping[str, Evidence], plan: Plan, *, points_tell: bool
) -> tuple[dict[str, str], list[str]]:
    given = plan.settings.decimal
    if given is not None:
        return dict.fromkeys(evidence, given), []
    proven = {e.proven for e in evidence.values() if e.proven and _is_telling(e)}
    marks: dict[str, str] = {}
    for role, column in evidence.items():
        if not column.marks:
            what = "its numbers contradict each other in their decimal mark"
            return {}, [f"column {role}: {what}: add DECIMAL=. or DECIMAL=,"]
        if column.proven:
            marks[role] = column.proven
        elif not column.has_comma and not column.has_point:
            marks[role] = "."
        elif len(proven) == 1:
            marks[role] = next(iter(proven))
        elif column.has_comma or proven or not points_tell:
            what = f"{column.shown} may be thousands or a fraction"
            return {}, [f"column {role}: {what}: add DECIMAL=, or DECIMAL=."]
        else:
            marks[role] = "."
    return marks, []


def _is_telling(evidence: Evidence) -> bool:
    """Return True if the column shows what a comma means."""
    return evidence.proven == "," or evidence.has_comma
