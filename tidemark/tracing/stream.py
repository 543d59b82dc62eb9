"""One stream of all hops as they happen: the functions' log lines and alert rows."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.market.spans import masked
from tidemark.dead_letters.deployed import Deployed
from tidemark.stored.log_events import Following, Logs, containing
from tidemark.tracing import alert_rows, hop, log_lines
from tidemark.tracing.hop import Hop

LOCAL_PAUSE_S, AWS_PAUSE_S = 1, 5


@dataclass(frozen=True, slots=True)
class Filter:
    """Which hops to show: all, or those of a symbol, or of a request."""

    symbol: str = ""
    request_id: str = ""

    @property
    def pattern(self) -> str:
        """The filter pattern of the lines that can tell of such hops."""
        texts = [masked(self.symbol), self.request_id]
        return " ".join(containing(text) for text in texts if text)

    def takes(self, each: Hop) -> bool:
        """Return True if the hop is to be shown."""
        symbol = each.span.symbol if each.span else ""
        of_request = not self.request_id or self.request_id in each.request_ids
        return self.symbol in ("", symbol) and of_request


@dataclass(frozen=True, slots=True)
class Stream:
    """The hops of an environment from a time on."""

    deployed: Deployed
    following: Following
    chosen: Filter

    @classmethod
    def of(
        cls,
        deployed: Deployed,
        logs: Logs,
        functions: Sequence[str],
        *,
        since_ms: int,
        chosen: Filter,
    ) -> "Stream":
        """That of these functions."""
        following = Following(logs, functions, since_ms, chosen.pattern)
        return cls(deployed, following, chosen)

    @property
    def pause_s(self) -> int:
        """Seconds between two polls."""
        return AWS_PAUSE_S if self.deployed.on_aws else LOCAL_PAUSE_S

    @property
    def calls_a_minute(self) -> int:
        """Calls of CloudWatch Logs while little is logged."""
        return len(self.following.functions) * 60 // self.pause_s

    def poll(self) -> list[Hop]:
        """The hops since the last poll, in order of time."""
        found = [
            each
            for line in self.following.poll()
            for told in log_lines.hops(line)
            for each in self._with_alert(told)
            if self.chosen.takes(each)
        ]
        return sorted(found, key=lambda each: each.time_ms or 0)

    def follow(self, sleep: Callable[[float], None] = time.sleep) -> Iterator[Hop]:
        """Yield hops without end."""
        while True:
            yield from self.poll()
            sleep(self.pause_s)

    def _with_alert(self, told: Hop) -> Iterator[Hop]:
        """Before a notification the alert itself, which only its row tells of."""
        row = None
        if told.name == hop.NOTIFIED and told.span:
            client, table = self.deployed.clients.dynamodb, self.deployed.alerts_table
            row = alert_rows.read(client, table, told.span)
        if row:
            yield alert_rows.raised(row)
            told = replace(told, span=alert_rows.raised(row).span)
        yield told
