"""Attempt the deliveries of one invocation, all channels at the same time.

A channel that fails in passing is left alone for the rest of the invocation, and for as
long as it has asked. So one that does not answer takes the time of one attempt.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from services.aws.concurrency import concurrently
from services.aws.telemetry import logger
from services.channels.answer import Outcome, Result
from services.channels.registry import Channel, Channels
from services.channels.request import Message
from services.notifier.delivery import Delivery
from services.notifier.pauses import Pauses

type Attempt = Callable[[Channel, Message], Result]

NO_TIME = Result(
    Outcome.RETRY, "not attempted: the invocation's time was over", attempted=False
)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Makes attempts until `has_time` says that the invocation's time is over."""

    channels: Channels
    attempt: Attempt
    pauses: Pauses
    has_time: Callable[[], bool]

    def make(self, deliveries: Iterable[Delivery]) -> list[tuple[Delivery, Result]]:
        """Attempt each delivery; return it with its result."""
        by_channel: dict[str, list[Delivery]] = {}
        for delivery in deliveries:
            by_channel.setdefault(delivery.channel, []).append(delivery)
        made = concurrently(self._of_channel, by_channel.items())
        return list(chain.from_iterable(made))

    def _of_channel(
        self, given: tuple[str, Sequence[Delivery]]
    ) -> list[tuple[Delivery, Result]]:
        name, deliveries = given
        channel = self.channels.valid.get(name)
        if channel is None:
            result = Result(Outcome.GIVEN_UP, self._why_unknown(name))
            return [(delivery, result) for delivery in deliveries]
        return list(self._in_turn(channel, _bundles(channel, deliveries)))

    def _in_turn(
        self, channel: Channel, bundles: Iterable[Sequence[Delivery]]
    ) -> Iterator[tuple[Delivery, Result]]:
        paused = self.pauses.of(channel)
        for bundle in bundles:
            result = paused or self._attempt(channel, bundle)
            if result.outcome is Outcome.RETRY and not paused:
                self.pauses.note(channel, result)
                paused = replace(result, attempted=False)
            yield from ((delivery, result) for delivery in bundle)

    def _attempt(self, channel: Channel, bundle: Sequence[Delivery]) -> Result:
        if not self.has_time():
            return NO_TIME
        alerts = {alert.id: alert for each in bundle for alert in each.alerts}
        since_ms = min(each.since_ms for each in bundle)
        try:
            return self.attempt(channel, Message(tuple(alerts.values()), since_ms))
        except Exception as error:  # a bug must not stop the other channels
            # Its text could contain a secret.
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{where.name}, line {where.lineno}"
            reason = f"the attempt raised {type(error).__name__} in {place}"
            logger.error("attempt isolated", extra={"reason": reason})
            return Result(Outcome.GIVEN_UP, reason)

    def _why_unknown(self, name: str) -> str:
        if why := self.channels.invalid.get(name):
            return f"the channel's definition is not valid: {why}"
        return "there is no channel of this name"


def _bundles(
    channel: Channel, deliveries: Sequence[Delivery]
) -> Iterable[Sequence[Delivery]]:
    """What is sent as one message each."""
    return [deliveries] if channel.one_message else [[each] for each in deliveries]
