"""Which rules judge a symbol: its own, those of `*`, and the built-in ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.market.marks import Band, Marks
from services.rules.change import Change
from services.rules.level import Level, Mode
from services.rules.rule import ALL_SYMBOLS, Rule

# A tick's alerts and its symbol's state are one transaction, of at most 100 items.
MOST_RULES = 90


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The rules `high` and `low` that the settings define."""

    marks: Marks
    mode: Mode

    def of(self, symbol: str) -> Iterator[Rule]:
        """The rules of a symbol that has marks of its own."""
        if symbol in self.marks.by_symbol:
            yield from self._rules(symbol, self.marks.by_symbol[symbol])

    def of_all(self) -> Iterator[Rule]:
        """The rules of `*`."""
        yield from self._rules(ALL_SYMBOLS, self.marks.default)

    def _rules(self, symbol: str, band: Band) -> Iterator[Rule]:
        if band.high is not None:
            yield Rule(symbol, "high", Level(Band(high=band.high), self.mode))
        if band.low is not None:
            yield Rule(symbol, "low", Level(Band(low=band.low), self.mode))


def applying(
    symbol: str, stored: Iterable[Rule], built_in: BuiltIn, *, now_ms: int
) -> list[Rule]:
    """The rules that apply to a symbol now, its own first; the first `MOST_RULES` of
    them judge it. `stored` are the rows of the symbol and of `*`.

    A symbol that is in PRICE_MARKS, or has an enabled level rule, is not judged by the
    level rules of `*`. A rule of the symbol replaces the one of `*` with the same id,
    and switches it off if it is disabled.
    """
    valid = [rule for rule in stored if not rule.has_expired(now_ms)]
    own = [rule for rule in valid if rule.symbol == symbol]
    replaced = {rule.rule_id for rule in own}
    judging = [rule for rule in own if rule.enabled] + list(built_in.of(symbol))
    general = [rule for rule in valid if rule.symbol == ALL_SYMBOLS and rule.enabled]
    if symbol not in built_in.marks.by_symbol and not any(map(_is_level, judging)):
        general += built_in.of_all()
    else:
        general = [rule for rule in general if isinstance(rule.condition, Change)]
    return judging + [rule for rule in general if rule.rule_id not in replaced]


def beyond_limit(symbol: str) -> str:
    """Why a rule after the first `MOST_RULES` does not judge a symbol."""
    return f"{MOST_RULES} other rules judge {symbol}, which is the most"


def _is_level(rule: Rule) -> bool:
    return isinstance(rule.condition, Level)
