"""A market-data message, from price-enricher or any other producer.

{"symbol": "BTC-USDT", "price": "64250.1", "timestamp": "1709294400123.0000…",
 "exchange": "binance", "request_id": "…", "previous_timestamp": "17092943…", …}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.aws.queues import attribute
from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.event_time import key_of_message, parse_key
from services.market.exact_json import Json
from services.market.money import parse_amount
from services.market.symbol import parse_exchange, parse_symbol

_COUNT = re.compile(r"\d{1,13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price to judge; `timestamp` is the tick's key, or is derived from the time and
    the id of the message. `previous` is the key of the tick before it, if known.
    `asks_for_alert` is True if the message names an alert of this tick which was not
    published: `make repair` sends such messages.
    """

    symbol: str
    timestamp: str
    price: Decimal
    exchange: str | None
    request_id: str | None
    previous: str | None = None
    asks_for_alert: bool = False


def read_message(record: Mapping[str, Any]) -> Quote:
    """Parse a message. Raises `InvalidValue` if it can never be processed."""
    text = record.get("body")
    if not isinstance(text, str):
        raise InvalidValue("body", "is no text")
    body = exact_json.loads(text)
    if not isinstance(body, dict):
        raise InvalidValue("body", "is not an object")
    return quote_of(body, record)


def quote_of(fields: Mapping[str, Any], record: Mapping[str, Any]) -> Quote:
    """Parse the fields of a message, or of a row. Raises `InvalidValue`."""
    given = {field: value for field, value in fields.items() if value is not None}
    exchange, previous = given.get("exchange"), given.get("previous_timestamp")
    return Quote(
        symbol=parse_symbol(given.get("symbol")),
        timestamp=_timestamp(given.get("timestamp"), record),
        price=parse_amount("price", given.get("price")),
        exchange=None if exchange is None else parse_exchange(exchange),
        request_id=_request_id(given.get("request_id")),
        previous=None if previous is None else parse_key(previous),
        asks_for_alert=isinstance(given.get("alert_id"), str),
    )


def _timestamp(given: Json, record: Mapping[str, Any]) -> str:
    if given is not None:
        return parse_key(given)
    sent, message_id = attribute(record, "SentTimestamp"), record.get("messageId")
    if not _COUNT.fullmatch(sent) or not isinstance(message_id, str):
        raise InvalidValue("timestamp", "is missing, as are the message's own")
    return key_of_message(int(sent), message_id)


def _request_id(given: Json) -> str | None:
    if given is None:
        return None
    if isinstance(given, str) and given.isprintable() and len(given) <= 256:
        return given
    raise InvalidValue("request_id", f"{given!r:.80} is no text of up to 256")
