"""The board as metrics in Prometheus' text format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tidemark.dashboard.board import Board

PREFIX = "tidemark"
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its values by the value of its label."""

    name: str
    help: str
    label: str
    values: Iterable[tuple[str, float | str | None]]

    def lines(self) -> Iterator[str]:
        """The lines of the text format; values that nobody knows are left out."""
        yield f"# HELP {PREFIX}_{self.name} {self.help}"
        yield f"# TYPE {PREFIX}_{self.name} gauge"
        for labelled, value in self.values:
            if value is not None:
                label = f'{self.label}="{labelled.translate(ESCAPES)}"'
                yield f"{PREFIX}_{self.name}{{{label}}} {value}"


def text(board: Board) -> str:
    """The whole page."""
    lines = [line for family in _families(board) for line in family.lines()]
    return "\n".join(lines) + "\n"


def _families(board: Board) -> Iterator[Family]:
    hops, quotes = board.hops, board.quotes()
    yield Family(
        "hop_rate_per_minute",
        "What passed a hop in the last minute.",
        "hop",
        ((hop.id, hop.rate) for hop in hops),
    )
    yield Family(
        "hop_backlog",
        "What waits at a hop.",
        "hop",
        ((hop.id, hop.backlog.waiting) for hop in hops),
    )
    yield Family(
        "hop_oldest_age_seconds",
        "How long the oldest item has waited at a hop.",
        "hop",
        ((hop.id, _seconds(hop.backlog.oldest_ms)) for hop in hops),
    )
    yield Family(
        "hop_error_percent",
        "The failed part of the last five minutes.",
        "hop",
        ((hop.id, hop.error_pct) for hop in hops),
    )
    firing = {name for hop in hops for name in hop.alarms}
    yield Family(
        "alarm_firing",
        "1 if the alarm fires or would fire.",
        "alarm",
        ((alarm.name, int(alarm.name in firing)) for alarm in board.flow.alarms),
    )
    yield Family(
        "last_price",
        "The price of the newest tick.",
        "symbol",
        ((quote.symbol, quote.price) for quote in quotes),
    )
    yield Family(
        "last_tick_timestamp_seconds",
        "The event time of the newest tick.",
        "symbol",
        ((quote.symbol, quote.time_ms / 1000) for quote in quotes),
    )
    yield Family(
        "read_timestamp_seconds",
        "When these metrics were read.",
        "environment",
        [(board.where, board.read_at_ms / 1000)],
    )


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
