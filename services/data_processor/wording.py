"""What an alert says to people: the message of its row, and the subject of a mail."""

from decimal import Context, Decimal

from services.market.counts import counted
from services.market.money import plain
from services.rules.firing import Firing, Move

LONGEST_SUBJECT = 99  # SNS: fewer than 100 characters, in ASCII
MARKS = {"HIGH": ("above its high", ">"), "LOW": ("below its low", "<")}
VERBS = {"UP": "rose", "DOWN": "fell"}
# A percentage is shown with 2 decimals, or with 3 digits if it is smaller.
DECIMALS, DIGITS = 2, 3
_WIDE = Context(prec=80)


def message(symbol: str, firing: Firing, exchange: str | None) -> str:
    """`BTC-USDT at 150.2 is above its high mark of 150 (binance)`, or
    `BTC-USDT rose from 100 to 105.2 (+5.2 %) within 300 s (binance)`
    """
    venue = f" ({exchange})" if exchange else ""
    return f"{symbol} {_event(firing)}{venue}{_suppressed(firing)}"


def subject(symbol: str, firing: Firing) -> str:
    """`HIGH BTC-USDT 150.2 > 150` or `UP BTC-USDT 105.2 +5.2 % in 300 s`; type and
    symbol alone if that is too long.

    Characters outside ASCII are escaped: `\\u5e01`.
    """
    name = symbol.encode("ascii", "backslashreplace").decode()
    short = f"{firing.alert_type} {name}"
    full = f"{short} {plain(firing.point.price)} {_reason(firing)}"
    return (full if len(full) <= LONGEST_SUBJECT else short)[:LONGEST_SUBJECT]


def percentage(price: Decimal, reference: Decimal) -> str:
    """The change from the reference in per cent: `+5.2`."""
    hundredfold = _WIDE.scaleb(_WIDE.subtract(price, reference), 2)
    change = _WIDE.divide(hundredfold, reference)
    decimals = max(DECIMALS, DIGITS - 1 - change.adjusted())
    rounded = _WIDE.quantize(change, Decimal(1).scaleb(-decimals))
    return f"{'+' if change > 0 else ''}{plain(rounded)}"


def _event(firing: Firing) -> str:
    price = plain(firing.point.price)
    if firing.move is None:
        side, _ = MARKS[firing.alert_type]
        return f"at {price} is {side} mark of {plain(firing.threshold)}"
    move = firing.move
    return (
        f"{VERBS[firing.alert_type]} from {plain(move.reference_price)} to {price} "
        f"({_percent(firing, move)}) within {move.window_s} s"
    )


def _reason(firing: Firing) -> str:
    if firing.move is None:
        _, sign = MARKS[firing.alert_type]
        return f"{sign} {plain(firing.threshold)}"
    return f"{_percent(firing, firing.move)} in {firing.move.window_s} s"


def _percent(firing: Firing, move: Move) -> str:
    return f"{percentage(firing.point.price, move.reference_price)} %"


def _suppressed(firing: Firing) -> str:
    if not firing.suppressed or firing.previous_price is None:
        return ""
    ticks = counted(firing.suppressed, "tick")
    price = plain(firing.previous_price)
    return f"; {ticks} without an alert since the last one at {price}"
