"""The ranges of time that the page offers, and the candles that fit into each."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
RANGES = {
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "1h": HOUR,
    "6h": 6 * HOUR,
    "1d": DAY,
    "1w": 7 * DAY,
    "1mo": 30 * DAY,
    "1y": 365 * DAY,
    "all": None,
}
SECOND = 1000
INTERVALS = (
    *(SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND),
    *(MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, DAY, 7 * DAY, 30 * DAY),
)
MOST_CANDLES = 400


def interval_ms(span_ms: int) -> int:
    """The shortest interval of which at most `MOST_CANDLES` cover the span."""
    fitting = (each for each in INTERVALS if span_ms / each <= MOST_CANDLES)
    return next(fitting, INTERVALS[-1])
