"""Level rules: a tick beyond a mark, above the high one or below the low one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Literal

from services.market.marks import Band
from services.market.money import plain
from services.rules.firing import Point
from services.rules.states import RuleState

type Mode = Literal["crossing", "every"]

MODES: tuple[Mode, ...] = ("crossing", "every")
REARM_PCT, COOLDOWN_S = Decimal("0.5"), 60
# Wide enough for a mark times a percentage; a rounding would be a bug, so it raises.
_EXACT = Context(prec=256, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class Mark:
    """One side of a level rule."""

    side: Literal["HIGH", "LOW"]
    price: Decimal

    def is_beyond(self, price: Decimal) -> bool:
        return price > self.price if self.side == "HIGH" else price < self.price

    def is_back(self, price: Decimal, rearm_pct: Decimal) -> bool:
        """Return True if the price is inside by at least so many per cent of the
        mark.
        """
        distance = _EXACT.scaleb(_EXACT.multiply(self.price, rearm_pct), -2)
        if self.side == "HIGH":
            return price <= _EXACT.subtract(self.price, distance)
        return price >= _EXACT.add(self.price, distance)


@dataclass(frozen=True, slots=True)
class Level:
    """`crossing` fires once until a tick is back inside; `every` on each tick beyond.

    `rearm_pct` and `cooldown_s` are of `crossing` only.
    """

    band: Band
    mode: Mode = "crossing"
    rearm_pct: Decimal = REARM_PCT
    cooldown_s: int = COOLDOWN_S

    def marks(self) -> Iterator[Mark]:
        if self.band.high is not None:
            yield Mark("HIGH", self.band.high)
        if self.band.low is not None:
            yield Mark("LOW", self.band.low)

    def judge(
        self, mark: Mark, state: RuleState, point: Point
    ) -> tuple[RuleState, bool]:
        """Judge a tick by mode `crossing`: the next state, and whether it fires.

        In its cool-down an armed rule does not fire and stays armed, so that the first
        tick beyond the mark after the cool-down does.
        """
        if mark.is_beyond(point.price):
            if state.armed and state.is_due(point, self.cooldown_s):
                return state.fire(point), True
            return state.suppress(), False
        if mark.is_back(point.price, self.rearm_pct):
            return state.rearm(), False
        return state, False

    def definition(self) -> dict[str, str]:
        """What the state depends on: a rule whose definition changes starts anew."""
        marks: dict[str, str] = {m.side: plain(m.price) for m in self.marks()}
        return {
            **marks,
            "mode": self.mode,
            "rearm_pct": plain(self.rearm_pct),
            "cooldown_s": str(self.cooldown_s),
        }
