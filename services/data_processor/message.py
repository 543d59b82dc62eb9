"""A market-data message, from price-enricher or any other producer.

{"symbol": "BTC-USDT", "price": "64250.1", "timestamp": "1709294400123.0000…",
 "exchange": "binance", "request_id": "…", …}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.event_time import parse_key
from services.market.exact_json import Json
from services.market.money import parse_amount
from services.market.symbol import parse_exchange, parse_symbol


@dataclass(frozen=True, slots=True)
class Quote:
    """A price as data-processor sees it; `timestamp` is the tick's key, or made of
    the message's sent time and id.
    """

    symbol: str
    timestamp: str
    price: Decimal
    exchange: str | None
    request_id: str | None


def read_message(record: Mapping[str, Any]) -> Quote:
    """Raises `InvalidValue` where the message can never be processed."""
    body = exact_json.loads(record["body"])
    if not isinstance(body, dict):
        raise InvalidValue("body", "is not an object")
    given = {field: value for field, value in body.items() if value is not None}
    exchange = given.get("exchange")
    return Quote(
        symbol=parse_symbol(given.get("symbol")),
        timestamp=_timestamp(given.get("timestamp"), record),
        price=parse_amount("price", given.get("price")),
        exchange=None if exchange is None else parse_exchange(exchange),
        request_id=_request_id(given.get("request_id")),
    )


def _timestamp(given: Json, record: Mapping[str, Any]) -> str:
    if given is not None:
        return parse_key(given)
    digits = int.from_bytes(sha256(record["messageId"].encode()).digest()) % 10**19
    return f"{record['attributes']['SentTimestamp']}.000000{digits:019d}"


def _request_id(given: Json) -> str | None:
    if given is None:
        return None
    if isinstance(given, str) and given.isprintable() and len(given) <= 256:
        return given
    raise InvalidValue("request_id", f"{given!r:.80} is no text of up to 256")
