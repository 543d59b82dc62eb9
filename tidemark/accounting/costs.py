"""What a million ticks cost on AWS, from what the pipeline does per tick.

On-demand prices of us-east-1 in dollars, without free tiers and discounts.
"""

from dataclasses import asdict, dataclass

from tidemark.accounting.units import read_units, write_units

PER_MILLION = {
    "write_units": 0.625,
    "read_units": 0.125,
    "queue_requests": 0.40,
    "notifications": 0.50,
    "api_requests": 3.50,
    "invocations": 0.20,
    "gb_seconds": 13.33,  # arm64
    "log_kilobytes": 0.50,
}
FLOOR_WRITES = 2


@dataclass(frozen=True, slots=True)
class PerTick:
    """Units of each price that one tick takes."""

    write_units: float
    read_units: float
    queue_requests: float
    notifications: float
    api_requests: float
    invocations: float
    gb_seconds: float
    log_kilobytes: float

    @property
    def dollars_per_million(self) -> float:
        units: dict[str, float] = asdict(self)
        return sum(PER_MILLION[name] * number for name, number in units.items())


def floor_dollars_per_million(row_bytes: float) -> float:
    """Return the cost of the two writes alone that each tick needs."""
    return FLOOR_WRITES * write_units(row_bytes) * PER_MILLION["write_units"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """How ticks arrive. `per_symbol`: ticks of a symbol in one batch of the stream;
    `stream_batch` and `queue_batch`: ticks in one batch of each.
    """

    per_webhook: float
    per_symbol: float
    stream_batch: float
    queue_batch: float
    writes: float
    gb_seconds: float
    row_bytes: int = 600
    window: int = 50


def per_tick(traffic: Traffic) -> PerTick:
    """Return what one tick of this traffic takes."""
    webhooks = 1 / traffic.per_webhook
    invocations = webhooks + 1 / traffic.stream_batch + 1 / traffic.queue_batch
    before = read_units((traffic.window - 1) * traffic.row_bytes)
    since = read_units(traffic.per_symbol * traffic.row_bytes)
    per_call = min(10, traffic.queue_batch)
    return PerTick(
        write_units=traffic.writes * write_units(traffic.row_bytes),
        read_units=(before + since) / traffic.per_symbol,
        queue_requests=3 / per_call,  # send, receive, delete
        notifications=webhooks,
        api_requests=webhooks,
        invocations=invocations,
        gb_seconds=traffic.gb_seconds,
        log_kilobytes=invocations,  # a line, metrics and the platform's three lines
    )
