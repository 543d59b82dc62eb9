"""Change rules: a move by so many per cent within a window of event time."""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Literal

from services.market.money import plain
from services.rules.firing import Point
from services.rules.states import RuleState

type Direction = Literal["up", "down", "either"]

# Wide enough for two prices of 38 digits and a percentage; it never rounds.
_EXACT = Context(prec=256, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class Change:
    """A move of at least `change_pct` from the newest tick that is at least `window_s`
    earlier. It fires at most once per window.
    """

    change_pct: Decimal
    window_s: int
    direction: Direction

    def side(self, price: Decimal, reference: Decimal) -> Literal["UP", "DOWN"] | None:
        """The type of the alert if the move is large enough."""
        hundredfold = _EXACT.scaleb(_EXACT.subtract(price, reference), 2)
        if _EXACT.abs(hundredfold) < _EXACT.multiply(self.change_pct, reference):
            return None
        if hundredfold > 0:
            return "UP" if self.direction in ("up", "either") else None
        return "DOWN" if self.direction in ("down", "either") else None

    def judge(self, state: RuleState, point: Point) -> tuple[RuleState, bool]:
        """Judge a tick whose move is large enough: the next state, and whether it
        fires.
        """
        if state.is_due(point, self.window_s):
            return state.fire(point), True
        return state.suppress(), False

    def definition(self) -> dict[str, str]:
        """What the state depends on: a rule whose definition changes starts anew."""
        return {
            "change_pct": plain(self.change_pct),
            "window_s": str(self.window_s),
            "direction": self.direction,
        }
