"""The side of a trade, from the words of venues and spreadsheets."""

import re

_BUY = "buy b bid buyer bought long kauf kaufen compra achat acquisto 买 买入"
_SELL = (
    "sell s ask offer seller sold short verkauf verkaufen venta vente vendita 卖 卖出"
)
_POSITIONS = frozenset(("long", "short"))
_LEAVING = frozenset(("close", "exit", "reduce"))
# The kinds of an account's movements that are not trades.
_NO_TRADES = """
deposit withdrawal withdraw transfer fee rebate reward staking interest receive send
convert airdrop cancel cancelled canceled rejected expired margin rollover settled
adjustment sub_account_transfer learning_reward rewards_income inflation_reward
staking_income bonus dividend earn
"""
BUY, SELL = frozenset(_BUY.split()), frozenset(_SELL.split())
NO_TRADES = frozenset(_NO_TRADES.split())
OPPOSITE = {"buy": "sell", "sell": "buy"}
_BETWEEN = re.compile(r"[\s_/-]+")
NONE = frozenset(("", "-", "none", "null", "nan", "unknown", "n/a", "block", "auction"))
TRUE, FALSE = frozenset(("true", "t", "1", "yes")), frozenset(("false", "f", "0", "no"))


def side(word: str) -> str | None:
    """Return `buy` or `sell`, or None if the word says that there is no side.

    To close a long position is to sell. Raises `KeyError` for any other word.
    """
    name = word.strip().lower()
    if name in NONE:
        return None
    words = {*_BETWEEN.split(name)}
    found = [side for side, of in (("buy", BUY), ("sell", SELL)) if words & of]
    if len(found) != 1:
        raise KeyError(word)
    leaves = words & _LEAVING and not words & (BUY | SELL) - _POSITIONS
    return OPPOSITE[found[0]] if leaves else found[0]


def is_no_trade(word: str) -> bool:
    """Return True if the kind of a movement is known not to be a trade."""
    return word.strip().lower().replace(" ", "_") in NO_TRADES


def of_maker(word: str) -> str | None:
    """Return the taker's side, given whether the buyer was the maker, or the maker's
    side.
    """
    name = word.strip().lower()
    if name in TRUE:
        return "sell"
    if name in FALSE:
        return "buy"
    maker = side(word)
    return None if maker is None else OPPOSITE[maker]
