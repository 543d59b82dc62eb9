"""How long channels want no request, as far as this process knows.

A delivery that a channel has put off waits in the queue. An alert that comes meanwhile
must not be sent either.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from services.channels.answer import Outcome, Result
from services.channels.registry import Channel


@dataclass(slots=True)
class Pauses:
    """By channel, until when it is left alone, and why."""

    clock_ms: Callable[[], int]
    _until: dict[Channel, tuple[int, str]] = field(default_factory=dict)

    def note(self, channel: Channel, result: Result) -> None:
        """Remember what a channel has asked for, if it has."""
        if result.wait_s:
            until_ms = self.clock_ms() + result.wait_s * 1000
            self._until[channel] = until_ms, result.reason

    def of(self, channel: Channel) -> Result | None:
        """The result of a delivery that must not be attempted now."""
        until_ms, reason = self._until.get(channel, (0, ""))
        wait_s = math.ceil((until_ms - self.clock_ms()) / 1000)
        if wait_s <= 0:
            return None
        return Result(Outcome.RETRY, reason, wait_s, attempted=False)
