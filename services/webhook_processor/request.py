"""What was posted: the API's envelope or a direct invocation, as one `Request`."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from market.errors import TidemarkError


class BadEnvelope(TidemarkError):
    """The event is not what our API Gateway template writes: our bug."""


@dataclass(frozen=True, slots=True)
class Request:
    """One POST. `exchange` is the path's, None on direct invocation.

    A retry of the same webhook has the same `received_at_ms` and `request_id`.
    """

    body: bytes
    exchange: str | None
    received_at_ms: int
    request_id: str


def read_request(event: Any, *, invocation_id: str, now_ms: int) -> Request:
    """Raises `BadEnvelope` where the event claims to come from the API but is broken.

    A direct invocation carries no time of receipt: its own start stands in for it.
    """
    if isinstance(event, dict) and "body_b64" in event:
        return _from_api(event)
    if isinstance(event, dict) and isinstance(event.get("body"), str):
        body = event["body"]
    else:
        body = json.dumps(event)
    encoded = body.encode(errors="surrogatepass")
    return Request(encoded, None, now_ms, invocation_id)


def _from_api(event: Mapping[str, Any]) -> Request:
    try:
        return Request(
            body=base64.b64decode(event["body_b64"], validate=True),
            exchange=base64.b64decode(event["exchange_b64"], validate=True).decode(),
            received_at_ms=int(event["received_at"]),
            request_id=str(event["request_id"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadEnvelope(f"unreadable API event: {error!r}") from error
