"""Counts of what happened to the lines of one source, and their text for a user."""

import re
from collections import Counter
from dataclasses import dataclass, field

from services.market.counts import counted
from tidemark.replay.reading.ticks import Item, LeftOut, Problem, Trade, iso

_SHOWN_SYMBOLS = 5
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"[^\"]*\"|\d[\d.,:TZ+-]*")


@dataclass(slots=True)
class Summary:
    """The counts of one source; `refusal` is the reason if it was not read."""

    label: str
    format: str = ""
    ticks: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    symbols: dict[str, None] = field(default_factory=dict)
    first_ns: int | None = None
    last_ns: int | None = None
    notes: tuple[str, ...] = ()
    refusal: str | None = None

    @property
    def lines(self) -> int:
        """The number of lines that were judged."""
        return self.ticks + self.left_out.total() + self.problems.total()

    @property
    def is_complete(self) -> bool:
        """Return True if every line was read or skipped for a harmless reason."""
        return self.refusal is None and not self.problems

    def add(self, item: Item) -> None:
        """Count the result of a line."""
        match item:
            case Trade(tick=tick):
                self.ticks += 1
                self.symbols[tick.symbol] = None
                time = tick.time_ns
                self.first_ns = (
                    time if self.first_ns is None else min(self.first_ns, time)
                )
                self.last_ns = time if self.last_ns is None else max(self.last_ns, time)
            case LeftOut(reason=reason):
                self.left_out[reason] += 1
            case Problem(number=number, reason=reason):
                self.problems[_QUOTED.sub("…", reason) if number else reason] += 1

    def text(self) -> list[str]:
        """Return the summary as lines for a user."""
        if self.refusal is not None:
            return [f"{self.label} is not read: {self.refusal}"]
        shown = [*self.symbols][:_SHOWN_SYMBOLS]
        more = len(self.symbols) - len(shown)
        named = ", ".join(shown) + (f" and {more} more" if more else "")
        made = [
            f"{self.label}: {self.format}",
            f"  {counted(self.lines, 'line')}, {counted(self.ticks, 'tick')} of "
            f"{named or 'nothing'}",
        ]
        if self.first_ns is not None and self.last_ns is not None:
            made.append(f"  from {iso(self.first_ns)} to {iso(self.last_ns)}")
        made += [
            f"  left out: {counted(n, 'time')}: {reason}"
            for reason, n in self.left_out.items()
        ]
        made += [
            f"  problems: {counted(n, 'time')}: {reason}"
            for reason, n in self.problems.items()
        ]
        return made + [f"  {note}" for note in self.notes]
