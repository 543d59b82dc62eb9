"""Symbols that a venue refuses, and when each is requested again.

A refusal may be temporary: a limit of requests, a restart. It is final for a symbol
that has never been traded and is refused several times.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 3
AGAIN_S, LONGEST_S = 2, 60
LONGEST_NUMBER = 6
MOST_SAID = 20  # on one connection


@dataclass(slots=True)
class Refusals:
    """The refusals of one market's symbols, which are given by native name."""

    symbols: Mapping[str, str]
    reasons: dict[str, str] = field(default_factory=dict)  # of present refusals
    final: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    _traded: set[str] = field(default_factory=set)  # symbols, on any connection
    _live: set[str] = field(default_factory=set)  # symbols, on this connection
    _counts: Counter[str] = field(default_factory=Counter)
    _said: set[str] = field(default_factory=set)
    _again: dict[str, None] = field(default_factory=dict)
    _refused: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def wanted(self) -> list[str]:
        """The names that are not refused for good."""
        return [name for name in self.symbols if name not in self.final]

    def connect(self) -> None:
        """Forget what was said on the last connection."""
        self._live.clear()
        self._said.clear()
        self._again.clear()
        self._refused.clear()

    def trade(self, symbols: Iterable[str]) -> None:
        """Note that the symbols are traded, whatever was said about them."""
        self._live.update(symbols)
        self._traded |= self._live
        for name in [name for name in self.reasons if self.symbols[name] in self._live]:
            del self.reasons[name]

    def add(self, message: Mapping[str, Any], text: str, reason: str) -> str:
        """Note a refusal, and return it in words, unless that would say nothing new."""
        name = self._named(message, text)
        if name is None:
            names = [name for name in self.asked if self._is_unsettled(name)]
        else:
            names = [name] if self._is_unsettled(name) else []
        self._counts.update(names)
        again = [refused for refused in names if not self._is_final(refused)]
        if name and names:
            self.reasons[name] = reason
            self.final |= {*names} - {*again}
        if again:
            self._again.update(dict.fromkeys(again))
            self._refused.set()
        about = self.symbols[name] if name else f"one of {', '.join(self._all())}"
        said = f"refuses {about}: {reason}"
        return f"{said}; requesting it again" if again else self._once(said)

    def _once(self, said: str) -> str:
        if said in self._said or len(self._said) >= MOST_SAID:
            return ""
        self._said.add(said)
        return said

    async def due(self) -> list[str]:
        """Wait until refused names are to be requested again, and return them."""
        while True:
            await self._refused.wait()
            most = max(self._counts[name] for name in self._again)
            await asyncio.sleep(min(AGAIN_S * 2 ** (min(most, 10) - 1), LONGEST_S))
            names = [name for name in self._again if self._is_unsettled(name)]
            self._again.clear()
            self._refused.clear()
            if names:
                return names

    def _all(self) -> Sequence[str]:
        return [self.symbols[name] for name in self.wanted]

    def _is_unsettled(self, name: str) -> bool:
        return name not in self.final and self.symbols[name] not in self._live

    def _is_final(self, name: str) -> bool:
        return self.symbols[name] not in self._traded and self._counts[name] >= MOST

    def _named(self, message: Mapping[str, Any], text: str) -> str | None:
        """Return the name that a refusal is about, by its number or by the text."""
        if len(self.symbols) == 1:
            return next(iter(self.symbols))
        named = [name for name in self.symbols if name in text]
        if named:
            return max(named, key=len)
        for key in ("id", "req_id"):
            number = str(message.get(key, ""))
            if not number.isdecimal() or len(number) > LONGEST_NUMBER:
                continue
            if 0 < int(number) <= len(self.asked):
                return self.asked[int(number) - 1]
        return None
