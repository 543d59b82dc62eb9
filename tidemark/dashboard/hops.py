"""The pipeline's hops, in the order of the flow, from counts and queue attributes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from tidemark.dashboard.alarms import Name
from tidemark.dashboard.samples import Samples

WEBHOOK, ENRICHER, PROCESSOR, NOTIFIER, FORWARDER = (
    "webhook-processor",
    "price-enricher",
    "data-processor",
    "notifier",
    "log-forwarder",
)
FUNCTIONS = (WEBHOOK, ENRICHER, PROCESSOR, NOTIFIER, FORWARDER)
DEAD_LETTERS = (
    "webhook-processor-dlq",
    "price-enricher-dlq",
    "market-data-dlq",
    "notifications-dlq",
)
QUEUES = ("market-data", "notifications", *DEAD_LETTERS)
SLOW_MS = 30_000
ERRORS_MS = 300_000  # the period of the alarms


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits at a hop. None: nobody counts that here.

    `more`, `older`: there is at least so much, and the oldest is at least so old.
    """

    waiting: int | None = None
    oldest_ms: int | None = None
    more: bool = False
    older: bool = False


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
    firing: Iterable[str],
    api_is_counted: bool = False,
) -> list[Hop]:
    """Each hop as of `until_ms`. `physical` gives the name of a resource; `firing` are
    the alarms that fire. Where nobody counts what the API accepted, what its function
    has processed is shown.
    """

    def rate(function: str, metric: str, namespace: str = "Tidemark") -> float:
        return samples.sum((namespace, metric, physical(function)), until_ms)

    def failed(function: str, part: str = "", whole: str = "") -> float | None:
        owner = physical(function)
        pairs = [("AWS/Lambda", "Errors", "Invocations"), ("Tidemark", part, whole)]
        shares = [
            share(samples, until_ms, (namespace, a, owner), (namespace, b, owner))
            for namespace, a, b in pairs
        ]
        return max((each for each in shares if each is not None), default=None)

    records = ("RecordsFailed", "RecordsReceived")
    made = (
        Hop("webhooks", "API", "requests", rate("webhooks", "Count", "AWS/ApiGateway"))
        if api_is_counted
        else Hop(
            "webhooks",
            "API",
            "requests processed",
            rate(WEBHOOK, "Invocations", "AWS/Lambda"),
        ),
        Hop(
            WEBHOOK,
            "function",
            "ticks",
            rate(WEBHOOK, "TicksReceived"),
            failed(WEBHOOK, "TicksRejected", "TicksReceived"),
        ),
        Hop("crypto-prices", "table", "new ticks", rate(WEBHOOK, "TicksAccepted")),
        Hop(
            ENRICHER,
            "function",
            "ticks",
            rate(ENRICHER, "TicksEnriched"),
            failed(ENRICHER, *records),
        ),
        Hop("market-data", "queue", "messages", rate(ENRICHER, "TicksEnriched")),
        Hop(
            PROCESSOR,
            "function",
            "messages",
            rate(PROCESSOR, "RecordsReceived"),
            failed(PROCESSOR, *records),
        ),
        Hop("market-alerts", "table", "alerts", rate(PROCESSOR, "AlertsRaised")),
        Hop("notifications", "queue", "alerts", rate(PROCESSOR, "AlertsRaised")),
        Hop(
            NOTIFIER,
            "function",
            "deliveries",
            rate(NOTIFIER, "DeliveriesDone"),
            failed(NOTIFIER, *records),
        ),
        *(Hop(name, "dead letters", "messages", None) for name in DEAD_LETTERS),
        Hop(
            FORWARDER,
            "function",
            "lines",
            rate(FORWARDER, "LinesForwarded"),
            failed(FORWARDER),
        ),
    )
    ids, firing = {hop.id for hop in made}, [*firing]
    return [
        replace(
            hop,
            backlog=backlogs.get(hop.id, Backlog()),
            alarms=tuple(name for name in firing if hop_of(name, ids) == hop.id),
        )
        for hop in made
    ]


def share(samples: Samples, until_ms: int, part: Name, whole: Name) -> float | None:
    """How much a part was of the whole in the last five minutes, in per cent."""
    total = samples.sum(whole, until_ms, ERRORS_MS)
    return 100 * samples.sum(part, until_ms, ERRORS_MS) / total if total else None


def hop_of(alarm: str, ids: set[str]) -> str:
    """The hop that an alarm is about: the longest id that its name begins with."""
    return max((id_ for id_ in ids if alarm.startswith(f"{id_}-")), key=len, default="")
