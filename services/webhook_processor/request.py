"""Read the event of an invocation, from the API or direct, into one `Delivery`."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from services.exchanges.delivery import Delivery
from services.market import exact_json
from services.market.errors import InvalidValue, TidemarkError
from services.market.event_time import EARLIEST_NS, MOST_AHEAD_NS, NS_PER_MS

QUERY = ("symbol", "market")
LONGEST_ID = 256
MOST_LINES, LONGEST_LINE = 10, 4096  # of a history
_MS = re.compile(r"\d{1,13}", re.ASCII)


class BadEnvelope(TidemarkError):
    """The event does not have the form of our API Gateway template: our bug."""


class BadReceipt(TidemarkError):
    """The event's time of receipt or id is impossible, so the event is forged.
    `delivery` holds its body, with the present time and the id of this invocation.
    """

    def __init__(self, reason: str, delivery: Delivery) -> None:
        super().__init__(reason)
        self.reason, self.delivery = reason, delivery


def read_request(event: Any, *, invocation_id: str, now_ms: int) -> Delivery:
    """Raise `BadEnvelope` if an event of the API is malformed, and `BadReceipt` if its
    time of receipt or its id cannot be the API's.

    A direct invocation has no time of receipt; the start of the invocation is used. An
    event that the tool sends again has the form of the API's, but no exchange if it was
    a direct invocation.
    """
    if isinstance(event, dict) and "body_b64" in event:
        return _from_api(event, invocation_id, now_ms)
    if isinstance(event, dict) and isinstance(event.get("body"), str):
        body = event["body"]
    else:
        body = exact_json.dumps(event)
    encoded = body.encode(errors="surrogatepass")
    return Delivery(encoded, None, now_ms, invocation_id)


def _from_api(event: Mapping[str, Any], invocation_id: str, now_ms: int) -> Delivery:
    try:
        body = base64.b64decode(event["body_b64"], validate=True)
        exchange, query = _exchange(event), _query(event)
        received_at, request_id = event["received_at"], event["request_id"]
    except (KeyError, TypeError, ValueError) as error:
        which = f"{event.get('request_id')!r:.80}"
        raise BadEnvelope(f"unreadable API event {which}: {error!r}") from error
    try:
        received_at_ms = _received_at_ms(received_at, now_ms)
        _check_id(request_id)
    except InvalidValue as bad:
        now = Delivery(body, exchange, now_ms, invocation_id, query)
        raise BadReceipt(bad.reason, now) from bad
    history = _history(event.get("history"))
    return Delivery(body, exchange, received_at_ms, request_id, query, history)


def _exchange(event: Mapping[str, Any]) -> str | None:
    return _decoded(event["exchange_b64"]) if "exchange_b64" in event else None


def _history(given: object) -> tuple[dict[str, str], ...]:
    """The last lines; what is not of text, or too long for a record, is left out."""
    lines = given if isinstance(given, list) else []
    return tuple([line for line in lines if _is_line(line)][-MOST_LINES:])


def _is_line(line: object) -> bool:
    if not isinstance(line, dict):
        return False
    texts = [*line, *line.values()]
    return all(isinstance(text, str) for text in texts) and (
        sum(len(json.dumps(text)) for text in texts) <= LONGEST_LINE
    )


def _received_at_ms(given: object, now_ms: int) -> int:
    """The time of receipt; it must not lie ahead, except for a difference of clocks."""
    text = str(given) if type(given) is int else given
    if isinstance(text, str) and _MS.fullmatch(text):
        given_ms = int(text)
        if EARLIEST_NS <= given_ms * NS_PER_MS <= now_ms * NS_PER_MS + MOST_AHEAD_NS:
            return given_ms
    raise InvalidValue("received_at", f"{given!r:.60} is no time of receipt in ms")


def _check_id(given: object) -> None:
    if isinstance(given, str) and 1 <= len(given) <= LONGEST_ID and given.isprintable():
        return
    raise InvalidValue("request_id", f"{given!r:.80} is not 1-256 printable characters")


def _query(event: Mapping[str, Any]) -> dict[str, str]:
    given = {name: _decoded(event.get(f"{name}_b64", "")) for name in QUERY}
    return {name: value for name, value in given.items() if value}


def _decoded(encoded: str) -> str:
    return base64.b64decode(encoded, validate=True).decode()
