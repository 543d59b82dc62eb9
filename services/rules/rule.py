"""A rule, and its parsing from a row of `alert-rules` or a JSON object.

{"symbol": "BTC-USDT", "rule_id": "dear", "kind": "level", "above": 100000,
 "mode": "crossing", "rearm_pct": 0.5, "cooldown_s": 60, "channels": ["ops"],
 "enabled": true, "expires_at": "2027-01-01T00:00:00Z", "note": "sell"}
{"symbol": "*", "rule_id": "fast", "kind": "change", "change_pct": 5, "window_s": 300,
 "direction": "either"}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.market.errors import InvalidValue
from services.market.event_time import NS_PER_MS, iso, parse_event_time
from services.market.marks import Band
from services.market.symbol import parse_symbol
from services.rules import fields
from services.rules.change import Change
from services.rules.level import COOLDOWN_S, MODES, REARM_PCT, Level

ALL_SYMBOLS = "*"
BUILT_IN = ("high", "low")  # the ids of the rules that the settings define
OF_ALL = (
    "symbol",
    "rule_id",
    "kind",
    "mode",
    "channels",
    "enabled",
    "expires_at",
    "note",
)
OF_LEVEL = ("above", "below", "rearm_pct", "cooldown_s")
OF_CHANGE = ("change_pct", "window_s", "direction")
OF_KIND = {"level": OF_LEVEL, "change": OF_CHANGE}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `symbol` may be `*`, and `channels` is empty for all channels."""

    symbol: str
    rule_id: str
    condition: Level | Change
    channels: tuple[str, ...] = ()
    enabled: bool = True
    expires_at_ms: int | None = None
    note: str = ""

    def has_expired(self, now_ms: int) -> bool:
        return self.expires_at_ms is not None and self.expires_at_ms <= now_ms

    @property
    def is_stateless(self) -> bool:
        """Return True if ticks are judged alone: mode `every`."""
        return isinstance(self.condition, Level) and self.condition.mode == "every"

    @property
    def fingerprint(self) -> str:
        """12 hexadecimal digits of what its state depends on. `channels`, `note` and
        `expires_at` are no part of it.
        """
        text = json.dumps(self.condition.definition(), sort_keys=True)
        return sha256(text.encode()).hexdigest()[:12]

    def row(self) -> dict[str, Any]:
        """The row as plain values: `read_rule` reads the same rule from it."""
        row = {
            "symbol": self.symbol,
            "rule_id": self.rule_id,
            **_condition_fields(self.condition),
            "channels": list(self.channels) or None,
            "enabled": self.enabled,
            "expires_at": self.expires_at_ms and iso(self.expires_at_ms),
            "note": self.note or None,
        }
        return {name: value for name, value in row.items() if value is not None}


def read_rule(given: Mapping[str, object]) -> Rule:
    """Parse a rule; a field that is None is as good as absent.

    Numbers are `Decimal`, `int` or decimal text. Raises `InvalidValue`, which names the
    field, its value and what is accepted.
    """
    present = {name: value for name, value in given.items() if value is not None}
    kind = fields.one_of("kind", present.get("kind"), tuple(OF_KIND))
    _check_names(kind, present)
    return Rule(
        symbol=_symbol(present.get("symbol")),
        rule_id=_rule_id(present.get("rule_id")),
        condition=_level(present) if kind == "level" else _change(present),
        channels=fields.names("channels", present.get("channels")),
        enabled=fields.flag("enabled", present.get("enabled", True)),
        expires_at_ms=_time_ms(present.get("expires_at")),
        note=fields.text("note", present.get("note", "")),
    )


def _check_names(kind: str, given: Mapping[str, object]) -> None:
    accepted = (*OF_ALL, *OF_KIND[kind])
    for name in given:
        if name not in accepted:
            problem = f"is no field of a {kind} rule; it has {', '.join(accepted)}"
            raise InvalidValue(f"{name:.40}", problem)


def _symbol(given: object) -> str:
    if given is None:
        raise InvalidValue("symbol", "is missing; a symbol, or * for all, is needed")
    return ALL_SYMBOLS if given == ALL_SYMBOLS else parse_symbol(given)


def _rule_id(given: object) -> str:
    rule_id = fields.name("rule_id", given)
    if rule_id in BUILT_IN:
        problem = f"{rule_id!r} is the id of a built-in rule; choose another"
        raise InvalidValue("rule_id", problem)
    return rule_id


def _level(given: Mapping[str, object]) -> Level:
    above, below = fields.mark("above", given), fields.mark("below", given)
    if above is None and below is None:
        raise InvalidValue("above", "is missing, as is below; a level rule needs one")
    if above is not None and below is not None and below >= above:
        raise InvalidValue("below", f"{given['below']!s:.60} is not less than above")
    return Level(
        Band(high=above, low=below),
        fields.one_of("mode", given.get("mode", "crossing"), MODES),
        fields.percentage("rearm_pct", given.get("rearm_pct", REARM_PCT)),
        fields.seconds("cooldown_s", given.get("cooldown_s", COOLDOWN_S), least=0),
    )


def _change(given: Mapping[str, object]) -> Change:
    fields.one_of("mode", given.get("mode", "crossing"), ("crossing",))
    directions = ("up", "down", "either")
    return Change(
        fields.amount("change_pct", given.get("change_pct")),
        fields.seconds("window_s", given.get("window_s"), least=1),
        fields.one_of("direction", given.get("direction", "either"), directions),
    )


def _time_ms(given: object) -> int | None:
    if given is None:
        return None
    try:
        return parse_event_time(fields.number(given)) // NS_PER_MS
    except InvalidValue as error:
        problem = f"{given!r:.60} is neither ISO 8601 nor an epoch"
        raise InvalidValue("expires_at", problem) from error


def _condition_fields(condition: Level | Change) -> dict[str, Any]:
    if isinstance(condition, Change):
        return {
            "kind": "change",
            "change_pct": condition.change_pct,
            "window_s": condition.window_s,
            "direction": condition.direction,
        }
    return {
        "kind": "level",
        "above": condition.band.high,
        "below": condition.band.low,
        "mode": condition.mode,
        "rearm_pct": condition.rearm_pct,
        "cooldown_s": condition.cooldown_s,
    }
