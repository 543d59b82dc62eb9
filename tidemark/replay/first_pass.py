"""Read files as a whole before anything of them is sent.

A refusal in the middle is then known early, and the report knows what was to come.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress, Step
from tidemark.replay.reading.readings import Reading
from tidemark.replay.reading.readings import read as begin
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.summaries import Summary
from tidemark.replay.reading.ticks import Item, Problem, Trade
from tidemark.replay.results import Span

SHOWN_PROBLEMS = 5
SHOWN_EVERY = 1000  # lines


@dataclass(slots=True)
class FirstPass:
    """What files hold. `late` ticks are older than one above them in their symbol."""

    summaries: Sequence[Summary]
    counts: Counter[str] = field(default_factory=Counter)
    spans: dict[str, Span] = field(default_factory=dict)
    late: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ticks(self) -> int:
        """The number of ticks."""
        return self.counts.total()

    @property
    def unread(self) -> int:
        """The number of lines that should be ticks and are none."""
        return sum(summary.problems.total() for summary in self.summaries)

    @property
    def busiest(self) -> str:
        """The symbol with most ticks."""
        return max(self.counts, key=self.counts.__getitem__)

    def add(self, item: Item) -> None:
        """Take one line into account."""
        match item:
            case Trade(tick=tick):
                ms = tick.time_ns // 1_000_000
                span = self.spans.get(tick.symbol, Span(ms, ms))
                self.late += ms < span.last
                self.spans[tick.symbol] = Span(min(span.first, ms), max(span.last, ms))
                self.counts[tick.symbol] += 1
            case Problem(number=number, reason=reason):
                if len(self.problems) < SHOWN_PROBLEMS:
                    label = self.summaries[-1].label
                    where = f"{label}, line {number}" if number else label
                    self.problems.append(f"{where}: {reason}")


def read(
    names: Sequence[str],
    settings: Mapping[str, str],
    progress: Progress,
    *,
    visit: Callable[[Trade], None] | None = None,
) -> FirstPass:
    """Read files without sending anything; call `visit` with each tick. Raises
    `ToolError` if a file is refused.
    """
    reading = begun(names, settings)
    made = FirstPass(reading.summaries)
    with progress.step(f"Reading {', '.join(names)}, KiB") as step:
        for number, item in zip(count(1), reading, strict=False):
            made.add(item)
            if visit is not None and isinstance(item, Trade):
                visit(item)
            if not number % SHOWN_EVERY:
                show(reading, step)
    refused = [s for s in reading.summaries if s.refusal is not None]
    if refused:
        raise ToolError("\n".join(line for s in refused for line in s.text()))
    if not made.ticks:
        why = "".join(f" {problem}" for problem in made.problems[:1])
        raise ToolError(f"There is no tick in {', '.join(names)}.{why}")
    return made


def begun(names: Sequence[str], settings: Mapping[str, str]) -> Reading:
    """Begin to read files. Raises `ToolError` for a setting that makes no sense."""
    try:
        return begin(names, settings)
    except Refusal as refusal:
        raise ToolError(str(refusal)) from refusal


def show(reading: Reading, step: Step) -> None:
    """Show how much of the file has been read."""
    done, total = reading.progress
    step.update(done // 1024, total // 1024)
