"""What hypothesis draws from: amounts, times and ticks that the contract allows."""

from decimal import Decimal

from hypothesis import strategies as st

from services.market.tick import Tick

FROM_2009, UNTIL_2286 = 1_230_768_000 * 10**9, 10**19


def _amount(digits: int, magnitude: int) -> Decimal:
    return Decimal(digits).scaleb(magnitude - len(str(digits)) + 1)


# From 1e-24 to just below 1e24, up to 28 digits: the default context rounds beyond.
amounts = st.builds(_amount, st.integers(1, 10**28 - 1), st.integers(-24, 23))
times_ns = st.integers(FROM_2009, UNTIL_2286 - 1)
trade_numbers = st.integers(0, 10**11 - 1)

ticks = st.builds(
    Tick,
    symbol=st.just("BTC-USDT"),
    price=amounts,
    exchange=st.sampled_from(["binance", "kraken"]),
    time_ns=times_ns,
    raw=st.just("{}"),
    kind=st.sampled_from(["trade", "ticker"]),
    trade_id=st.none() | trade_numbers.map(str) | st.text(min_size=1, max_size=40),
    volume=st.none() | amounts,
    side=st.sampled_from([None, "buy", "sell"]),
    receipt=st.sampled_from(["", "request-1"]),
)
