"""What the traffic of the last minutes would cost on AWS, by the bench's accounting."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from tidemark.accounting.costs import PER_MILLION, Traffic, per_tick
from tidemark.dashboard.hops import ENRICHER, FUNCTIONS, PROCESSOR, WEBHOOK
from tidemark.dashboard.samples import Samples

SPAN_MS = 300_000
PER_HOUR = 3_600_000 / SPAN_MS


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars by unit of price, and how much of each unit one tick takes."""

    ticks_per_minute: float
    traffic: Traffic
    units_per_tick: dict[str, float]
    per_hour: dict[str, float]
    per_million_ticks: dict[str, float]


def cost(
    samples: Samples,
    until_ms: int,
    physical: Callable[[str], str],
    *,
    symbols: int,
    memory_mb: Mapping[str, int],
) -> Cost | None:
    """The cost of the last five minutes' traffic, or None if there was none."""

    def count(function: str, metric: str, namespace: str = "Tidemark") -> float:
        return samples.sum((namespace, metric, physical(function)), until_ms, SPAN_MS)

    ticks = count(WEBHOOK, "TicksReceived")
    if not ticks:
        return None
    calls = {name: count(name, "Invocations", "AWS/Lambda") for name in FUNCTIONS}
    batch = ticks / (calls[ENRICHER] or 1)
    traffic = Traffic(
        per_webhook=ticks / (calls[WEBHOOK] or 1),
        per_symbol=max(1.0, batch / max(1, symbols)),
        stream_batch=max(1.0, batch),
        queue_batch=max(
            1.0, count(PROCESSOR, "RecordsReceived") / (calls[PROCESSOR] or 1)
        ),
        writes=_writes(count) / ticks,
        gb_seconds=sum(
            _gb_seconds(count, name, memory_mb.get(name, 0)) for name in FUNCTIONS
        )
        / ticks,
    )
    units = asdict(per_tick(traffic))
    dollars = {name: PER_MILLION[name] * number for name, number in units.items()}
    return Cost(
        ticks / (SPAN_MS / 60_000),
        traffic,
        units,
        {name: each * ticks * PER_HOUR / 1e6 for name, each in dollars.items()},
        dollars,
    )


def _writes(count: Callable[..., float]) -> float:
    """Inserts, enrichments, corrections; an alert is inserted and marked."""
    return (
        count(WEBHOOK, "TicksAccepted")
        + count(ENRICHER, "TicksEnriched")
        + count(ENRICHER, "TicksCorrected")
        + 2 * count(PROCESSOR, "AlertsRaised")
    )


def _gb_seconds(count: Callable[..., float], function: str, memory_mb: int) -> float:
    """From the logs' reports, or from CloudWatch's durations and the memory."""
    reported = count(function, "GBSeconds", "AWS/Lambda")
    duration_ms = count(function, "Duration", "AWS/Lambda")
    return reported or duration_ms / 1000 * memory_mb / 1024
