"""Validate trade ids, which identify a trade at its venue."""

from decimal import Decimal

from services.market.errors import InvalidValue

LONGEST = 256


def parse_trade_id(value: object) -> str:
    """Return the id as text of 1 to 256 printable characters. Raises `InvalidValue`.

    A JSON number must be an integer without exponent, since an exponent has lost
    digits; `812345.0` is 812345.
    """
    text = _whole(value) if isinstance(value, Decimal) else value
    if isinstance(text, str) and 1 <= len(text) <= LONGEST and text.isprintable():
        return text
    problem = f"{value!r:.80} is neither 1-256 printable characters nor an integer"
    raise InvalidValue("trade_id", problem)


def _whole(number: Decimal) -> str | None:
    if not number.is_finite() or number.adjusted() >= LONGEST:
        return None
    if int(number.as_tuple().exponent) > 0 or number != number.to_integral_value():
        return None
    return str(int(number))
