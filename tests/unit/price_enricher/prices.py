"""Prices that hypothesis draws: all that the contract allows, and near ones."""

from decimal import Context, Decimal

from hypothesis import strategies as st

from services.market.money import LARGEST, MOST_DIGITS

_EXACT = Context(prec=128)


def _price(digits: int, magnitude: int) -> Decimal:
    return _EXACT.scaleb(Decimal(digits), magnitude - len(str(digits)) + 1)


def _close_together(base: int, offsets: list[int]) -> list[Decimal]:
    return [Decimal(base + offset).scaleb(-3) for offset in offsets]


any_price = st.just(LARGEST) | st.builds(
    _price, st.integers(1, 10**MOST_DIGITS - 1), st.integers(-24, 23)
)
histories = st.lists(any_price, min_size=1, max_size=60) | st.builds(
    _close_together,
    st.integers(10**9, 10**24),
    st.lists(st.integers(0, 9), min_size=1, max_size=60),
)
