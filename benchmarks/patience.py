"""Wait for a condition of the local cloud, and fail if it does not come true."""

from collections.abc import Callable

from tidemark.machine import waiting


def until(
    condition: Callable[[], bool],
    what: str,
    *,
    timeout_s: float = 60,
    interval_s: float = 0.1,
) -> None:
    """Raise `TimeoutError` if the condition does not become true in time."""
    if not waiting.until(condition, timeout=timeout_s, interval=interval_s):
        raise TimeoutError(f"waited {timeout_s:.0f} s in vain for {what}")
