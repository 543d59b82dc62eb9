"""Look where the alert and the alarms of a drill have arrived."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tidemark.channels import attempts
from tidemark.channels.attempts import Attempt
from tidemark.drill.alarms import Alarm
from tidemark.drill.arrivals import Arrival
from tidemark.drill.listener import Heard, Listener
from tidemark.environment import Environment
from tidemark.stored.log_events import Logs


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must arrive: the alert of a symbol at the first topic and at the channels,
    and alarms with a reason at the second topic.
    """

    symbol: str
    reason: str
    topics: Sequence[str]
    channels: Sequence[str]
    alarms: Sequence[Alarm]


@dataclass(frozen=True, slots=True)
class Look:
    """Called, it says what has arrived by now. The drill began at `begin` by the clock
    of `listener`, which is `since_ms` by the clock of log lines.
    """

    environment: Environment
    listener: Listener
    wanted: Wanted
    begin: float
    since_ms: int

    def __call__(self) -> list[Arrival]:
        self.listener.listen()
        alerts, errors = self.wanted.topics
        heard = self.listener.find(alerts, self.wanted.symbol)
        return [
            self._on_topic("alert", alerts, heard),
            *self._at_channels(heard),
            *(self._alarm(alarm, errors) for alarm in self.wanted.alarms),
        ]

    def _alarm(self, alarm: Alarm, topic: str) -> Arrival:
        heard = self.listener.find(topic, alarm.name, self.wanted.reason)
        return self._on_topic(f"alarm {alarm.name}", topic, heard)

    def _on_topic(self, what: str, topic: str, heard: Heard | None) -> Arrival:
        where = topic.rsplit(":", 1)[-1]
        return Arrival(what, where, None if heard is None else heard.at - self.begin)

    def _at_channels(self, heard: Heard | None) -> Iterator[Arrival]:
        made = self._attempts(heard) if heard and self.wanted.channels else []
        for channel in self.wanted.channels:
            yield self._at(channel, [each for each in made if each.channel == channel])

    def _attempts(self, heard: Heard) -> list[Attempt]:
        """What notifier has tried with the alert."""
        alert_id = json.loads(heard.text)["alert_id"]
        logs = Logs(self.environment.clients.logs, self.environment.settings)
        made = attempts.read(logs, since_ms=self.since_ms)
        return [attempt for attempt in made if alert_id in attempt.alert_ids]

    def _at(self, channel: str, made: Sequence[Attempt]) -> Arrival:
        where = f"channel {channel}"
        for attempt in made:
            if attempt.result == "delivered":
                seconds = (attempt.time_ms - self.since_ms) / 1000
                return Arrival("alert", where, seconds)
        if not made:
            return Arrival("alert", where)
        given_up = made[-1].result == "given up"
        return Arrival("alert", where, problem=made[-1].reason, given_up=given_up)
