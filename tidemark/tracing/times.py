"""Times in rows and messages, as milliseconds since 1970."""

from datetime import datetime
from typing import Any


def ms_of(iso: Any) -> int | None:
    """Milliseconds of an ISO time; None for anything else."""
    try:
        return round(datetime.fromisoformat(iso).timestamp() * 1000)
    except (TypeError, ValueError):
        return None
