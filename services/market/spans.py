"""The ticks of a batch as spans of keys, for log lines of a bounded size.

{"stored": [{"symbol": "BTC-USDT", "count": 3, "first": "1709294400123.0000…",
 "last": "1709294400456.0000…"}], "request_ids": ["…"]}

`last` is left out where it is `first`. `bin/tidemark trace` finds rows by these lines.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

type Fields = dict[str, Any]

MOST_SPANS, MOST_REQUESTS = 20, 100
# A line with one of these words is forwarded to pipeline-errors.
_FORWARDED = re.compile("%|error|exception", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ref:
    """One tick by its key. Ticks of different runs are in different spans."""

    symbol: str
    timestamp: str
    request_id: str = ""
    run: int = 0


@dataclass(slots=True)
class _Line:
    spans: dict[tuple[str, str, int], list[Ref]] = field(default_factory=dict)
    request_ids: set[str] = field(default_factory=set)

    def has_room(self, outcome: str, ref: Ref) -> bool:
        spans, requests = self.spans, self.request_ids
        return (
            (outcome, ref.symbol, ref.run) in spans or len(spans) < MOST_SPANS
        ) and (ref.request_id in requests or len(requests) < MOST_REQUESTS)

    def add(self, outcome: str, ref: Ref) -> None:
        self.spans.setdefault((outcome, ref.symbol, ref.run), []).append(ref)
        self.request_ids.add(ref.request_id)

    def fields(self) -> Fields:
        fields: dict[str, list[Fields]] = {}
        for (outcome, symbol, _), refs in self.spans.items():
            fields.setdefault(outcome, []).append(_span(symbol, refs))
        requests = sorted(filter(None, self.request_ids))
        return {**fields, **({"request_ids": requests} if requests else {})}


def lines(outcomes: Mapping[str, Iterable[Ref]]) -> list[Fields]:
    """The fields of each log line: at least one, of at most `MOST_SPANS` spans and
    `MOST_REQUESTS` request ids. All but the first have a `part`.
    """
    written = [_Line()]
    for outcome, refs in outcomes.items():
        for ref in sorted(refs, key=lambda ref: (ref.symbol, Decimal(ref.timestamp))):
            if not written[-1].has_room(outcome, ref):
                written.append(_Line())
            written[-1].add(outcome, ref)
    first, *others = [line.fields() for line in written]
    return [first, *({**each, "part": n} for n, each in enumerate(others, start=2))]


def masked(symbol: str) -> str:
    """The symbol without a word that makes a log line an error's: `%45RROR-USDT`."""
    return _FORWARDED.sub(
        lambda found: f"%{ord(found[0][0]):02X}{found[0][1:]}", symbol
    )


def unmasked(text: str) -> str:
    """The symbol that `masked` was given."""
    return unquote(text)


def _span(symbol: str, refs: list[Ref]) -> Fields:
    first, last = refs[0].timestamp, refs[-1].timestamp
    span: Fields = {"symbol": masked(symbol), "count": len(refs)}
    return {**span, "first": first, **({"last": last} if last != first else {})}
