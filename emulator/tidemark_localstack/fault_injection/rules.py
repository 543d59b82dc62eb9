"""The active faults: which calls they hit, what they do, how often and how long."""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

PATH = "/_tidemark/faults"
LONGEST_S = 3600

EFFECTS = ("refuse", "refuse-statements", "kill", "stall", "time-out", "twice", "pause")
# These hit an invocation of the function, the others a call that it makes.
OF_INVOCATIONS = frozenset(("time-out", "twice"))


class BadRule(ValueError):
    """The rule cannot be applied; the message says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault. It ends after `times` hits, or `seconds` after it was made.

    `function` is the physical name of the function that calls. `action` is a service
    and an operation, such as `dynamodb:Query`; `containing` is text of the request.
    A fault hits with a probability of `share`; with `refuse-statements`, so great a
    part of the statements is refused. `delay_s` is how long a stalled call waits, and
    after how many seconds an invocation times out.
    """

    effect: str
    function: str = ""
    action: str = ""
    containing: str = ""
    when: Literal["before", "after"] = "before"
    code: str = "ThrottlingException"
    share: float = 1.0
    times: int = 1
    seconds: float = 60
    delay_s: float = 1

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Rule":
        """Read a rule from JSON. Raises `BadRule`."""
        unknown = given.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise BadRule(f"unknown fields: {', '.join(sorted(unknown))}")
        try:
            rule = cls(**given)
        except TypeError as error:
            raise BadRule(str(error)) from error
        rule.check()
        return rule

    def check(self) -> None:
        """Raise `BadRule`."""
        if self.effect not in EFFECTS:
            raise BadRule(f"effect is not one of {', '.join(EFFECTS)}")
        if self.when not in ("before", "after"):
            raise BadRule("when is neither before nor after")
        if self.when == "after" and self.effect not in ("kill", "stall"):
            raise BadRule("after a call, only kill and stall have an effect")
        if not 0 < self.seconds <= LONGEST_S or not 0 <= self.delay_s <= LONGEST_S:
            raise BadRule(f"seconds and delay_s are up to {LONGEST_S}")
        if not 0 < self.share <= 1:
            raise BadRule("share is not above 0 and up to 1")
        if self.effect != "pause" and not self.function:
            raise BadRule("function is missing")
        if self.effect not in {*OF_INVOCATIONS, "pause"} and ":" not in self.action:
            raise BadRule("action is not of the form dynamodb:Query")


@dataclass(frozen=True, slots=True)
class Hit:
    """A call that a function makes, or with an empty action its invocation.

    `access_key` is that of the execution environment that makes the call.
    """

    function: str
    action: str = ""
    when: str = "before"
    request: Any = None
    access_key: str = ""


class Rules:
    """The active rules, used from many threads."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock, self._chance = clock, chance
        self._lock = threading.Lock()
        self._active: list[tuple[Rule, float]] = []
        self._hits: dict[int, int] = {}

    @property
    def any(self) -> bool:
        """Return True if a rule was added since the last `clear`."""
        return bool(self._active)

    def add(self, rule: Rule) -> None:
        """Activate a rule."""
        with self._lock:
            self._active.append((rule, self._clock() + rule.seconds))

    def clear(self) -> None:
        """End all rules."""
        with self._lock:
            self._active.clear()
            self._hits.clear()

    def shown(self) -> list[dict[str, Any]]:
        """The rules since the last `clear`, each with its number of hits."""
        with self._lock:
            now = self._clock()
            return [
                {
                    **asdict(rule),
                    "hits": self._hits.get(id(rule), 0),
                    "active": self._is_active(rule, until, now),
                }
                for rule, until in self._active
            ]

    def hit(self, hit: Hit, *effects: str) -> Rule | None:
        """The first rule with one of these effects that hits now; counts the hit."""
        if not self._active:
            return None
        with self._lock:
            now = self._clock()
            for rule, until in self._active:
                if (
                    rule.effect in effects
                    and self._is_active(rule, until, now)
                    and _matches(rule, hit)
                    and self._happens(rule)
                ):
                    self._hits[id(rule)] = self._hits.get(id(rule), 0) + 1
                    return rule
        return None

    def count(self, rule: Rule, hits: int) -> None:
        """Add to the number of hits: -1 if the last one had no effect."""
        with self._lock:
            self._hits[id(rule)] = self._hits.get(id(rule), 0) + hits

    def _is_active(self, rule: Rule, until: float, now: float) -> bool:
        return now < until and self._hits.get(id(rule), 0) < rule.times

    def _happens(self, rule: Rule) -> bool:
        whole = rule.effect == "refuse-statements"
        return whole or rule.share == 1 or self._chance() < rule.share


def _matches(rule: Rule, hit: Hit) -> bool:
    if (rule.function, rule.action, rule.when) != (hit.function, hit.action, hit.when):
        return False
    return not rule.containing or rule.containing in json.dumps(
        hit.request, default=str
    )


active = Rules()
