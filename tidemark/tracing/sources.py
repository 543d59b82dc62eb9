"""Read what is known about one request: log lines, rows and dead letters.

The log lines of webhook-processor name the keys, and the rows are found by these.
Nothing is changed, and no message is consumed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from tidemark.dead_letters.actions import DeadLetters
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import (
    ENRICHER,
    MARKET_DATA,
    OUTPUTS,
    WEBHOOK,
    Choice,
    Entry,
)
from tidemark.machine.progress import Progress
from tidemark.stored.log_events import Logs
from tidemark.stored.tables import Item
from tidemark.tracing import channel_lines, dead, hop, log_search
from tidemark.tracing.evidence import Evidence, span_of
from tidemark.tracing.hop import Hop
from tidemark.tracing.log_search import LogSearch
from tidemark.tracing.row_search import RowSearch


@dataclass(frozen=True, slots=True)
class Sources:
    """The logs, tables and dead-letter queues of one environment."""

    deployed: Deployed
    log: LogSearch
    rows: RowSearch
    progress: Progress

    @classmethod
    def of(cls, deployed: Deployed, logs: Logs, progress: Progress) -> Self:
        """Those of a deployed environment."""
        tables = deployed.prices_table, deployed.alerts_table
        rows = RowSearch(deployed.clients.dynamodb, *tables)
        return cls(deployed, LogSearch(logs), rows, progress)

    def evidence(
        self, request_id: str, *, since_ms: int, now_ms: int, known: Iterable[Item] = ()
    ) -> Evidence:
        """What the logs since a time, and all else, have about a request. `known` are
        ticks of it that were found before.
        """
        lines = self.log.naming(log_search.WEBHOOK, request_id, since_ms)
        hops = log_search.hops_of(lines)
        rows = [*self.rows.ticks_in(each.span for each in hops if each.span)]
        rows += [row for row in known if row not in rows]
        ticks = [row for row in rows if row.get("request_id") == request_id]
        spans = [span_of(row) for row in ticks]
        began_ms = min((each.time_ms or 0 for each in hops), default=since_ms)
        hops += self.log.of_ticks(request_id, spans, began_ms)
        alerts = self.rows.alerts_of(request_id, spans)
        ids = [str(alert["alert_id"]) for alert in alerts if "alert_id" in alert]
        invocations = log_search.invocations(lines)
        hops += self.log.of_channels(ids, began_ms)
        queues = _queues(hops, ticks, alerts)
        letters = self._letters(request_id, invocations, queues)
        invocations |= {dead.invocation_of(letter) for letter in letters} - {""}
        return Evidence(
            request_id,
            now_ms,
            hops,
            ticks,
            [row for row in rows if row.get("request_id") != request_id],
            alerts,
            letters,
            self.log.starts(invocations, began_ms),
        )

    def _letters(
        self, request_id: str, invocations: Collection[str], queues: Iterable[str]
    ) -> list[Entry]:
        return [
            entry
            for queue in queues
            for entry in DeadLetters(
                self.deployed, Choice(queue=queue), self.progress
            ).look()
            if dead.is_of(entry, request_id, invocations)
        ]


def _queues(
    hops: Iterable[Hop], ticks: Iterable[Item], alerts: Sequence[Item]
) -> list[str]:
    """The dead-letter queues that can hold anything of the request."""
    processed = [each for each in hops if each.name == hop.PROCESSED]
    judged = [each.span for each in hops if each.name == hop.JUDGED and each.span]
    queues = []
    if not processed or any(each.details.get("rejected") for each in processed):
        queues.append(WEBHOOK)
    if not all(any(span.covers(span_of(row)) for span in judged) for row in ticks):
        queues += [ENRICHER, MARKET_DATA]
    sent = [each for each in hops if each.name == hop.CHANNEL and each.state == "done"]
    if len(sent) < len(alerts) and channel_lines.QUEUE in OUTPUTS:
        queues.append(channel_lines.QUEUE)
    return queues
