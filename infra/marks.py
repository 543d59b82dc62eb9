"""Prices beyond which there is an alert, as `PRICE_MARKS` gives them per symbol.

Strict to the same bounds as the ticks themselves, so that `data-processor` can read
whatever passes here.
"""

import json
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

MAX_BYTES = 2048  # Lambda takes 4 KB of environment in all
DEMO_SYMBOL = "DEMO:BTC-USD"
DEMO_MARKS = {"high": 100_000, "low": 5}


def _not_too_small(price: Decimal) -> Decimal:
    if 0 < price < Decimal("1e-24"):
        raise ValueError("below 1e-24")
    return price


Price = Annotated[
    Decimal,
    Field(ge=0, le=Decimal("1e24"), max_digits=38),
    AfterValidator(_not_too_small),
]
Symbol = Annotated[
    str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9.:/_-]{1,64}$")
]


class _Marks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    high: Price = Decimal("Infinity")
    low: Price = Decimal(0)


def plain_marks(text: str) -> str:
    """The same marks in compact JSON, prices as plain decimal strings.

    Raises ValueError where the text is not such JSON, or longer than 2 KB.
    """
    given = json.loads(text or "{}", parse_float=Decimal)
    try:
        marks = TypeAdapter(dict[Symbol, _Marks]).validate_python(given)
    except ValidationError as error:
        raise ValueError("not marks") from error
    if any(mark.low >= mark.high for mark in marks.values()):
        raise ValueError("low is not below high")
    plain = {
        symbol: {
            side: f"{price:f}" for side, price in mark if side in mark.model_fields_set
        }
        for symbol, mark in marks.items()
    }
    text = json.dumps(plain, separators=(",", ":"))
    if len(text) > MAX_BYTES:
        raise ValueError("more than 2 KB")
    return text
