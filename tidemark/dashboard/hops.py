"""The pipeline's hops, in the order of the flow, from counts and queue attributes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tidemark.dashboard.alarms import Alarm
from tidemark.dashboard.samples import Samples

WEBHOOK, ENRICHER, PROCESSOR, FORWARDER = (
    "webhook-processor",
    "price-enricher",
    "data-processor",
    "log-forwarder",
)
FUNCTIONS = (WEBHOOK, ENRICHER, PROCESSOR, FORWARDER)
QUEUES = (
    "market-data",
    "webhook-processor-dlq",
    "price-enricher-dlq",
    "market-data-dlq",
)
SLOW_MS = 30_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits at a hop. None: nobody counts that here."""

    waiting: int | None = None
    oldest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop. `rate` counts `unit` of the last minute; None: nobody counts that."""

    id: str
    kind: str
    unit: str
    rate: float | None
    error_pct: float | None = None
    backlog: Backlog = field(default_factory=Backlog)
    alarms: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`alarm` if an alarm would fire, else `warn`, `ok`, or `idle`: no traffic."""
        if self.alarms:
            return "alarm"
        waiting = self.backlog.waiting or 0
        if self.error_pct or (self.backlog.oldest_ms or 0) > SLOW_MS:
            return "warn"
        if self.kind == "dead letters":
            return "warn" if waiting else "idle"
        return "ok" if self.rate or waiting else "idle"


def hops(
    samples: Samples,
    until_ms: int,
    *,
    physical: Callable[[str], str],
    backlogs: Mapping[str, Backlog],
    alarms: Iterable[Alarm],
) -> list[Hop]:
    """Each hop as of `until_ms`. `physical` gives the name of a resource."""

    def count(function: str, metric: str, namespace: str = "Tidemark") -> float:
        return samples.sum((namespace, metric, physical(function)), until_ms)

    def share(function: str, part: str, whole: str) -> float | None:
        total = count(function, whole)
        return 100 * count(function, part) / total if total else None

    made = (
        Hop(
            "webhooks",
            "API",
            "requests",
            count(WEBHOOK, "Invocations", "AWS/Lambda"),
        ),
        Hop(
            WEBHOOK,
            "function",
            "ticks",
            count(WEBHOOK, "TicksReceived"),
            share(WEBHOOK, "TicksRejected", "TicksReceived"),
        ),
        Hop("crypto-prices", "table", "new ticks", count(WEBHOOK, "TicksAccepted")),
        Hop(
            ENRICHER,
            "function",
            "ticks",
            count(ENRICHER, "TicksEnriched"),
            share(ENRICHER, "RecordsFailed", "RecordsReceived"),
        ),
        Hop("market-data", "queue", "messages", count(ENRICHER, "TicksEnriched")),
        Hop(
            PROCESSOR,
            "function",
            "messages",
            count(PROCESSOR, "RecordsReceived"),
            share(PROCESSOR, "RecordsFailed", "RecordsReceived"),
        ),
        Hop("market-alerts", "table", "alerts", count(PROCESSOR, "AlertsRaised")),
        Hop("webhook-processor-dlq", "dead letters", "entries", None),
        Hop("price-enricher-dlq", "dead letters", "entries", None),
        Hop("market-data-dlq", "dead letters", "entries", None),
        Hop(FORWARDER, "function", "lines", count(FORWARDER, "LinesForwarded")),
    )
    firing = [alarm.name for alarm in alarms if alarm.fires(samples, until_ms)]
    return [_with(hop, backlogs, firing, {each.id for each in made}) for hop in made]


def hop_of(alarm: str, ids: set[str]) -> str:
    """The hop that an alarm is about: the longest id that its name begins with."""
    return max((id_ for id_ in ids if alarm.startswith(f"{id_}-")), key=len, default="")


def _with(
    hop: Hop, backlogs: Mapping[str, Backlog], firing: list[str], ids: set[str]
) -> Hop:
    return Hop(
        hop.id,
        hop.kind,
        hop.unit,
        hop.rate,
        hop.error_pct,
        backlogs.get(hop.id, Backlog()),
        tuple(name for name in firing if hop_of(name, ids) == hop.id),
    )
