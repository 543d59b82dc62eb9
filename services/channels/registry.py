"""The types of channels, and the channels of an environment from the secret's JSON.

{"desk": {"type": "slack", "url": "https://hooks.slack.com/services/…"}, …}
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

from services.channels.answer import Answer, Result
from services.channels.discord import Discord
from services.channels.fields import Definition, check_fields
from services.channels.request import Message, Request
from services.channels.slack import Slack
from services.channels.telegram import Telegram
from services.channels.webhook import Webhook
from services.market.errors import InvalidValue


class Channel(Protocol):
    """What every type of channel is.

    `FIELDS` are those of its definition. With `one_message` all that is due goes into
    one message; else each message keeps its alerts, and has at most `most_bytes`.
    """

    FIELDS: ClassVar[tuple[str, ...]]
    one_message: ClassVar[bool]
    most_bytes: ClassVar[int]

    @classmethod
    def of(cls, given: Definition, *, test_hosts: Collection[str]) -> Self: ...

    @property
    def host(self) -> str:
        """The only part of its address that may be shown."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of text may contain."""

    def request(self, message: Message, *, now_ms: int) -> Request: ...

    def read(self, answer: Answer, *, now_ms: int) -> Result: ...


TYPES: dict[str, type[Channel]] = {
    "slack": Slack,
    "discord": Discord,
    "telegram": Telegram,
    "webhook": Webhook,
}


@dataclass(frozen=True, slots=True)
class Channels:
    """Channels by name, and why others are `invalid`."""

    valid: dict[str, Channel] = field(default_factory=dict)
    invalid: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [*self.valid, *self.invalid]


def read_definitions(text: str) -> dict[str, Any]:
    """The definitions by name. Raises `InvalidValue`, without what was given."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidValue("alert-channels", "is not JSON") from None
    if not isinstance(given, dict):
        raise InvalidValue("alert-channels", "is not an object")
    return given


def read_channels(text: str, *, test_hosts: Collection[str] = ()) -> Channels:
    """The channels of the secret. Raises `InvalidValue` if it is no JSON object."""
    channels = Channels()
    for name, definition in read_definitions(text).items():
        try:
            channels.valid[name] = channel_of(definition, test_hosts=test_hosts)
        except InvalidValue as bad:
            channels.invalid[name] = bad.reason
    return channels


def channel_of(definition: Any, *, test_hosts: Collection[str] = ()) -> Channel:
    """One channel. Raises `InvalidValue`, which names the field and what it accepts."""
    kind = definition.get("type") if isinstance(definition, dict) else None
    if not isinstance(kind, str) or kind not in TYPES:
        raise InvalidValue("type", f"expected one of {', '.join(TYPES)}")
    type_ = TYPES[kind]
    check_fields(definition, ("type", *type_.FIELDS))
    return type_.of(definition, test_hosts=test_hosts)


def split_hosts(setting: str) -> frozenset[str]:
    """The servers that CHANNEL_TEST_HOSTS names."""
    return frozenset(filter(None, setting.split(",")))
