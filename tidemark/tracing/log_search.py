"""Search the functions' logs for what they say about one request."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from services.market.spans import masked
from tidemark.stored.log_events import Line, Logs, containing
from tidemark.tracing import channel_lines, log_lines
from tidemark.tracing.hop import Hop, Span, widest

WEBHOOK, ENRICHER, PROCESSOR = (
    "webhook-processor",
    "price-enricher",
    "data-processor",
)
ALERTS_OF_A_PATTERN = 20  # a pattern has at most 1,024 characters
START_MS = 60_000  # the start of an invocation is so much before its lines, at most


@dataclass(frozen=True, slots=True)
class LogSearch:
    """The logs of one environment."""

    logs: Logs

    def naming(self, function: str, text: str, since_ms: int) -> list[Line]:
        """A function's lines with a text, oldest first."""
        pattern = containing(text)
        return sorted(self.logs.lines(function, since_ms=since_ms, pattern=pattern))

    def of_ticks(
        self, request_id: str, spans: Sequence[Span], since_ms: int
    ) -> list[Hop]:
        """What the functions behind the table of ticks did with a request's ticks."""
        if not spans:
            return []
        return [
            *hops_of(self.naming(ENRICHER, request_id, since_ms)),
            *self._corrections(spans, since_ms),
            *hops_of(self.naming(PROCESSOR, request_id, since_ms)),
        ]

    def of_channels(self, alert_ids: Iterable[str], since_ms: int) -> list[Hop]:
        """What notifier did with alerts; nothing where there is no notifier."""
        try:
            return [
                each
                for ids in batched(alert_ids, ALERTS_OF_A_PATTERN, strict=False)
                for each in hops_of(
                    self.logs.lines(
                        channel_lines.FUNCTION,
                        since_ms=since_ms,
                        pattern=" ".join(f"?{containing(alert)}" for alert in ids),
                    )
                )
            ]
        except self.logs.client.exceptions.ResourceNotFoundException:
            return []

    def starts(self, invocations: Collection[str], since_ms: int) -> list[int]:
        """When each attempt of webhook-processor began: they share an id."""
        return [
            line.timestamp_ms
            for invocation in invocations
            for line in self.naming(WEBHOOK, invocation, since_ms - START_MS)
            if line.text.startswith("START ")
        ]

    def _corrections(self, spans: Sequence[Span], since_ms: int) -> Iterator[Hop]:
        """They name no request: those of the ticks' symbols and times."""
        of_symbol = widest(spans)
        pattern = containing("rows corrected")
        if len(of_symbol) == 1:
            pattern += f" {containing(masked(spans[0].symbol))}"
        lines = self.logs.lines(ENRICHER, since_ms=since_ms, pattern=pattern)
        for each in hops_of(lines):
            ticks = of_symbol.get(each.span.symbol) if each.span else None
            if ticks and each.span and each.span.overlaps(ticks):
                yield each


def hops_of(lines: Iterable[Line]) -> list[Hop]:
    """The hops that lines tell of."""
    return [each for line in lines for each in log_lines.hops(line)]


def invocations(lines: Iterable[Line]) -> set[str]:
    """The invocations that wrote the lines."""
    ids = (log_lines.fields_of(line).get("function_request_id") for line in lines)
    return {each for each in ids if isinstance(each, str)}
