"""One alarm of each kind, set off for a moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidemark.stored.alarms import RINGS, described

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

# The ends of the alarms' names, without the environment's suffix.
KINDS = (
    "errors",
    "failed-records",
    "rejections",
    "server-errors",
    "behind",
    "dropped-events",
    "undelivered",
    "undelivered-dead-letters",
    "not-empty",
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of a kind, and the state that it had."""

    kind: str
    name: str
    state: Any


def of_each_kind(cloudwatch: "CloudWatchClient", ending: str) -> list[Alarm]:
    """One alarm of each kind of an environment, by kind; none that rings already."""
    alarms = described(cloudwatch, ending)
    quiet = (alarm for alarm in alarms if alarm["StateValue"] != RINGS)
    found: dict[str, Alarm] = {}
    for alarm in sorted(quiet, key=lambda each: str(each["AlarmName"])):
        kind = kind_of(alarm["AlarmName"].removesuffix(ending))
        if kind is not None:
            found.setdefault(kind, Alarm(kind, alarm["AlarmName"], alarm["StateValue"]))
    return [found[kind] for kind in sorted(found)]


def kind_of(name: str) -> str | None:
    """The kind of an alarm by its name without the suffix."""
    kinds = [kind for kind in KINDS if name.endswith(f"-{kind}")]
    return max(kinds, key=len, default=None)


@contextmanager
def set_off(
    cloudwatch: "CloudWatchClient", alarms: Iterable[Alarm], reason: str
) -> Iterator[None]:
    """Set off the alarms; at the end of the block they are as they were."""
    done: list[Alarm] = []
    try:
        for alarm in alarms:
            done.append(alarm)
            _set(cloudwatch, alarm.name, RINGS, reason)
        yield
    finally:
        for alarm in done:
            _set(cloudwatch, alarm.name, alarm.state, reason)


def _set(cloudwatch: "CloudWatchClient", name: str, state: Any, reason: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)
