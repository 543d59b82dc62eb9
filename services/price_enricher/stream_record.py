"""Stream records: what was inserted, and which of it is poison."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.market.errors import InvalidValue
from services.market.money import parse_amount
from services.market.quarantine import Rejection


@dataclass(frozen=True, slots=True)
class Insert:
    """One inserted row; `image` has DynamoDB's typed attributes."""

    sequence_number: str
    image: Mapping[str, Mapping[str, Any]]

    @property
    def symbol(self) -> str:
        return str(self.image["symbol"]["S"])

    @property
    def timestamp(self) -> str:
        return str(self.image["timestamp"]["N"])

    @property
    def key(self) -> tuple[str, Decimal]:
        return self.symbol, Decimal(self.timestamp)

    def text(self, attribute: str) -> str | None:
        """The attribute as text, where it is there and a string or number."""
        value = self.image.get(attribute, {})
        text: str | None = value.get("S", value.get("N"))
        return text


def read_insert(record: Mapping[str, Any]) -> Insert:
    stream = record["dynamodb"]
    return Insert(stream["SequenceNumber"], stream["NewImage"])


def price_of(image: Mapping[str, Mapping[str, Any]]) -> Decimal:
    """The row's price. Raises `InvalidValue` where the row is poison: no window counts
    it, whoever wrote it.
    """
    if "price" not in image:
        raise InvalidValue("price", "is missing")
    if "N" not in image["price"]:
        raise InvalidValue("price", f"{json.dumps(image['price'])} is no number")
    return parse_amount("price", Decimal(image["price"]["N"]))


def poison_record(insert: Insert, reason: str) -> str:
    """The message for price-enricher-dlq, the row in DynamoDB's JSON as payload."""
    return Rejection(reason, json.dumps(insert.image)).record(
        symbol=insert.symbol,
        timestamp=insert.timestamp,
        received_at=insert.text("received_at"),
    )
