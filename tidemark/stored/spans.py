"""Parse points in time: `90s`, `15m`, `1h`, `7d`, `2w` ago, or ISO 8601."""

import re
from datetime import UTC, datetime

from tidemark.machine import make_variables
from tidemark.machine.errors import ToolError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
DAY_MS = 86_400_000
SPAN = re.compile(r"(\d{1,9})([smhdw])", re.ASCII)


def since(text: str, *, now_ms: int) -> int:
    """Milliseconds since 1970 of a time, or of so long ago. Raises `ToolError`.

    A time may be up to a day ahead: clocks differ, and ticks may be minutes ahead.
    """
    if span := SPAN.fullmatch(text):
        return max(0, now_ms - int(span[1]) * SECONDS[span[2]] * 1000)
    since_ms = _time_ms(text)
    if since_ms > now_ms + DAY_MS:
        raise ToolError(f"{_named(text)}: lies in the future")
    return max(0, since_ms)


def _named(text: str) -> str:
    return make_variables.option("since", text)


def _time_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ToolError(
            f"{_named(text)}: expected a span such as 15m, 1h or 7d, or a time such "
            "as 2024-03-01 or 2024-03-01T12:00:00Z"
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)
