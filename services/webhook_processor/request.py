"""Read the event of an invocation, from the API or direct, into one `Delivery`."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from services.exchanges.delivery import Delivery
from services.market.errors import TidemarkError

QUERY = ("symbol", "market")


class BadEnvelope(TidemarkError):
    """The event is not what our API Gateway template writes: our bug."""


def read_request(event: Any, *, invocation_id: str, now_ms: int) -> Delivery:
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
    return Delivery(encoded, None, now_ms, invocation_id)


def _from_api(event: Mapping[str, Any]) -> Delivery:
    try:
        return Delivery(
            body=base64.b64decode(event["body_b64"], validate=True),
            exchange=_decoded(event["exchange_b64"]),
            received_at_ms=int(event["received_at"]),
            request_id=str(event["request_id"]),
            query=_query(event),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadEnvelope(f"unreadable API event: {error!r}") from error


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    given = {name: _decoded(event.get(f"{name}_b64", "")) for name in QUERY}
    return {name: value for name, value in given.items() if value}


def _decoded(encoded: str) -> str:
    return base64.b64decode(encoded, validate=True).decode()
