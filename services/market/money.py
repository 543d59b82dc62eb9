"""Parse and write decimal amounts exactly, without floats."""

import re
from decimal import Context, Decimal, Inexact

from services.market.errors import InvalidValue

SMALLEST, LARGEST = Decimal("1e-24"), Decimal("1e24")
MOST_DIGITS = 38  # DynamoDB stores no more

# Wide enough for any number below; a rounding would be a bug, so it raises.
_EXACT = Context(prec=128, traps=[Inexact])
_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_LONGEST_TEXT = 128


def parse_amount(field: str, value: object, *, zero: bool = False) -> Decimal:
    """Parse a positive amount from a JSON number or a decimal string.

    Trailing zeros are removed, so that equal amounts have equal texts. Raises
    `InvalidValue` outside 1e-24 to 1e24 (0 is allowed with `zero`) or above 38 digits.
    """
    amount = _parse(field, value)
    if zero and not amount:
        return Decimal(0)
    if not SMALLEST <= amount <= LARGEST:
        raise InvalidValue(field, f"{_shown(value)} is not from 1e-24 to 1e24")
    amount = amount.normalize(_EXACT)
    if len(amount.as_tuple().digits) > MOST_DIGITS:
        raise InvalidValue(field, f"has more than {MOST_DIGITS} digits")
    return amount


def plain(amount: Decimal) -> str:
    """Write the amount without exponent and trailing zeros: `1E+2` becomes `100`."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parse(field: str, value: object) -> Decimal:
    if isinstance(value, Decimal):
        value = str(value)
    if not isinstance(value, str):
        raise InvalidValue(field, f"{_shown(value)} is no decimal number")
    if len(value) > _LONGEST_TEXT or not _DECIMAL.fullmatch(value):
        raise InvalidValue(field, f"{_shown(value)} is no decimal number")
    return Decimal(value)


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
