"""A message for a channel, and the request that delivers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.channels.alert import Alert


@dataclass(frozen=True, slots=True)
class Message:
    """Alerts for one channel. `since_ms` is when they were first to be delivered, and
    stays the same at every attempt.
    """

    alerts: Sequence[Alert]
    since_ms: int


@dataclass(frozen=True, slots=True)
class Request:
    """A POST of JSON. The URL may be a secret."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
