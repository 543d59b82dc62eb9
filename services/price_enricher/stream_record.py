"""Stream records: what was inserted, and which of it is poison.

A row is whatever some producer wrote. Binary values are base64 text in the records
that Lambda hands over, and bytes in what boto3 reads.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.market.errors import InvalidValue
from services.market.money import parse_amount
from services.market.quarantine import Rejection, cut

LONGEST_TEXT = 256
_NUMBER = re.compile(r"-?\d{1,128}(\.\d{1,192})?([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Insert:
    """One inserted row; `image` has DynamoDB's typed attributes."""

    sequence_number: str
    image: Mapping[str, Any]

    @property
    def symbol(self) -> str:
        return self.text("symbol") or ""

    @property
    def timestamp(self) -> str:
        return self.text("timestamp") or ""

    @property
    def key(self) -> tuple[str, Decimal]:
        return self.symbol, Decimal(self.timestamp)

    def text(self, attribute: str) -> str | None:
        """The attribute's text, where it is there and a string or number."""
        value = _mapping(self.image.get(attribute))
        text = value.get("S", value.get("N"))
        return text if isinstance(text, str) else None

    def short_text(self, attribute: str) -> str | None:
        """As `text`, but None where it is too long for a message."""
        text = self.text(attribute)
        return text if text is not None and len(text) <= LONGEST_TEXT else None


def read_insert(record: Any) -> Insert:
    """The record's row, of which nothing is checked yet; without an image, its keys.

    A record without a sequence number has an empty one, by which Lambda sends the whole
    batch again.
    """
    stream = _mapping(_mapping(record).get("dynamodb"))
    number = stream.get("SequenceNumber")
    image = _mapping(stream.get("NewImage")) or _mapping(stream.get("Keys"))
    return Insert(number if isinstance(number, str) else "", image)


def check(insert: Insert) -> None:
    """Raise `InvalidValue` where the insert can never be enriched."""
    if not insert.symbol:
        raise InvalidValue("symbol", "is missing")
    if not _NUMBER.fullmatch(insert.timestamp):
        raise InvalidValue("timestamp", f"{insert.timestamp!r:.80} is no number")
    price_of(insert.image)


def price_of(image: Mapping[str, Any]) -> Decimal:
    """The row's price. Raises `InvalidValue` where the row is poison: no window counts
    it, whoever wrote it.
    """
    if "price" not in image:
        raise InvalidValue("price", "is missing")
    number = _mapping(image["price"]).get("N")
    if not isinstance(number, str):
        raise InvalidValue("price", f"{_shown(image['price']):.80} is no number")
    return parse_amount("price", _decimal(number))


def poison_records(insert: Insert, reason: str) -> list[str]:
    """The messages for price-enricher-dlq, the row in DynamoDB's JSON as payload."""
    symbol, timestamp = cut(insert.symbol, 2048), cut(insert.timestamp, LONGEST_TEXT)
    return Rejection(reason, _shown(insert.image)).records(
        symbol,
        timestamp,
        symbol=symbol,
        timestamp=timestamp,
        received_at=insert.short_text("received_at"),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _decimal(number: str) -> Decimal | str:
    return Decimal(number) if _NUMBER.fullmatch(number) else number


def _shown(value: Any) -> str:
    return json.dumps(value, default=_encoded)


def _encoded(value: Any) -> str:
    """What JSON has no form for: DynamoDB's Binary, as DynamoDB's own JSON has it."""
    return b64encode(value).decode() if isinstance(value, bytes) else repr(value)
