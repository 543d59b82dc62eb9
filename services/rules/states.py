"""What judging remembers of a symbol: its row in `alert-states`.

{"symbol": "BTC-USDT", "version": 12, "newest": 1709294400123.0000…, "late": 3,
 "alerted": 1709294400100.0000…,
 "rules": {"high HIGH 5d41402abc4b": {"armed": false, "suppressed": 2,
                                      "seen": 1709294401000,
                                      "fired": 1709294400100000000, "price": 150.2}}}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from services.rules.firing import Point

NS_PER_S = 1_000_000_000
# Processes read the rules at different times, and may judge with an old definition for
# so long. Its state is kept meanwhile, so that they do not start it anew by turns.
KEPT_MS = 300_000


@dataclass(frozen=True, slots=True)
class RuleState:
    """The state of one side of one definition of a rule.

    `fired_ns` is the event time of its last alert and `price` the price at it; both are
    None before the first. `seen_ms` is the time at which it was last judged.
    """

    armed: bool = True
    suppressed: int = 0
    seen_ms: int = 0
    fired_ns: int | None = None
    price: Decimal | None = None

    def is_due(self, point: Point, pause_s: int) -> bool:
        """Return True if the last alert is at least so many seconds of event time
        earlier.
        """
        if self.fired_ns is None:
            return True
        return point.time_ns - self.fired_ns >= pause_s * NS_PER_S

    def fire(self, point: Point) -> Self:
        return replace(
            self,
            armed=False,
            suppressed=0,
            fired_ns=point.time_ns,
            price=point.price,
        )

    def suppress(self) -> Self:
        return replace(self, suppressed=self.suppressed + 1)

    def rearm(self) -> Self:
        return replace(self, armed=True)


@dataclass(frozen=True, slots=True)
class SymbolState:
    """The state of all rules of a symbol; `version` is 0 before its first row.

    `newest` is the key of the newest tick that was judged, and `alerted` that of the
    newest one that raised an alert. `late` is the number of ticks that were not judged
    because they came after a newer one, and `ahead` that of the ticks that were judged
    before their own messages came.
    """

    symbol: str
    version: int = 0
    newest: str | None = None
    alerted: str | None = None
    late: int = 0
    ahead: int = 0
    rules: Mapping[str, RuleState] = field(default_factory=dict)

    def is_new(self, point: Point) -> bool:
        """Return True if the tick is after every tick that was judged."""
        return self.is_after_newest(point.timestamp)

    def is_after_newest(self, timestamp: str) -> bool:
        return self.newest is None or Decimal(timestamp) > Decimal(self.newest)

    def may_have_raised(self, point: Point) -> bool:
        """Return False if it is certain that no rule fired on the tick."""
        return self.alerted is not None and point.order <= Decimal(self.alerted)

    def row(self) -> dict[str, Any]:
        """The row as plain values; without the keys of ticks that there are not yet."""
        keys = {"newest": self.newest, "alerted": self.alerted}
        return {
            "symbol": self.symbol,
            "version": self.version,
            "late": self.late,
            "ahead": self.ahead,
            "rules": {key: _fields(state) for key, state in self.rules.items()},
            **{name: Decimal(key) for name, key in keys.items() if key is not None},
        }


def read_state(row: Mapping[str, Any]) -> SymbolState:
    """Read a row that `SymbolState.row` wrote; its numbers may be `Decimal`."""
    return SymbolState(
        symbol=row["symbol"],
        version=int(row["version"]),
        newest=_key(row.get("newest")),
        alerted=_key(row.get("alerted")),
        late=int(row["late"]),
        ahead=int(row.get("ahead", 0)),
        rules={key: _rule_state(fields) for key, fields in row["rules"].items()},
    )


def _key(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:.25f}"


def _fields(state: RuleState) -> dict[str, Any]:
    fields = {
        "armed": state.armed,
        "suppressed": state.suppressed,
        "seen": state.seen_ms,
        "fired": state.fired_ns,
        "price": state.price,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _rule_state(fields: Mapping[str, Any]) -> RuleState:
    fired = fields.get("fired")
    return RuleState(
        armed=fields["armed"],
        suppressed=int(fields["suppressed"]),
        seen_ms=int(fields["seen"]),
        fired_ns=None if fired is None else int(fired),
        price=fields.get("price"),
    )
