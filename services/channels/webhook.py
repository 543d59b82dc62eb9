"""A program's own endpoint, by signed webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from services.channels import fields
from services.channels.answer import Answer, Result, judge
from services.channels.fields import Definition
from services.channels.request import Message, Request
from services.market.errors import InvalidValue
from services.market.event_time import iso

PREFIX = "whsec_"
SHORTEST_SECRET, LONGEST_SECRET, MOST_SECRETS = 24, 64, 5
ACCEPTED = (
    f"1 to {MOST_SECRETS} of whsec_ and base64 of {SHORTEST_SECRET} to "
    f"{LONGEST_SECRET} bytes"
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """The URL may hold a key. During a rotation there are several secrets, and each
    signs.
    """

    url: str = field(repr=False)
    signing_secrets: tuple[str, ...] = field(repr=False)

    FIELDS: ClassVar[tuple[str, ...]] = ("url", "secrets")
    one_message: ClassVar[bool] = (
        False  # each keeps its id and its alerts at every attempt
    )
    most_bytes: ClassVar[int] = 20_000  # as the specification recommends

    @classmethod
    def of(cls, given: Definition, *, test_hosts: Collection[str]) -> Self:
        """Raise `InvalidValue`."""
        return cls(
            fields.url_of(given, "url", accepted="an https URL", test_hosts=test_hosts),
            _secrets(given.get("secrets")),
        )

    @property
    def host(self) -> str:
        return fields.host_of(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        keys = (secret.removeprefix(PREFIX) for secret in self.signing_secrets)
        return (*fields.secret_parts(self.url), *self.signing_secrets, *keys)

    def request(self, message: Message, *, now_ms: int) -> Request:
        alerts = [dict(alert.fields) for alert in message.alerts]
        body = json.dumps(
            {
                "type": "alerts.raised",
                "timestamp": iso(message.since_ms),
                "data": {"alerts": alerts},
            },
            separators=(",", ":"),
        ).encode()
        id_, seconds = _message_id(message), str(now_ms // 1000)
        headers = {
            "webhook-id": id_,
            "webhook-timestamp": seconds,
            "webhook-signature": " ".join(
                sign(secret, id_, seconds, body) for secret in self.signing_secrets
            ),
        }
        return Request(self.url, body, headers)

    def read(self, answer: Answer, *, now_ms: int) -> Result:
        return judge(answer, now_ms=now_ms)


def sign(secret: str, id_: str, seconds: str, body: bytes) -> str:
    """The signature `v1,…` of a message."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{id_}.{seconds}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _message_id(message: Message) -> str:
    ids = "\n".join(alert.id for alert in message.alerts)
    return f"msg_{hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def _secrets(given: Any) -> tuple[str, ...]:
    secrets = [given] if isinstance(given, str) else given
    if not isinstance(secrets, list) or not 1 <= len(secrets) <= MOST_SECRETS:
        raise InvalidValue("secrets", f"expected {ACCEPTED}")
    if not all(map(_is_secret, secrets)):
        raise InvalidValue("secrets", f"expected {ACCEPTED}")
    return tuple(secrets)


def _is_secret(secret: Any) -> bool:
    if not isinstance(secret, str) or not secret.startswith(PREFIX):
        return False
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return SHORTEST_SECRET <= len(key) <= LONGEST_SECRET
