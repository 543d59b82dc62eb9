"""Split a column's heading into its name, zone and unit."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tidemark.replay.formats import header_names
from tidemark.replay.reading.values.symbols import BASES, QUOTES

# Currencies that amounts are quoted in, but hardly ever traded as a base.
MONEY = frozenset(QUOTES) - {"BTC", "XBT", "ETH", "BNB"}
_TIMES = {*header_names.TIME, *header_names.DATES, *header_names.CLOSE_TIMES}
_PARENTHESES = re.compile(r"[(\[]([^)\]]*)[)\]]")
_OFFSET = r"(?:UTC|GMT|Z)?\s*[+\u2212\u00b1-]\s*\d{1,2}(?::?\d\d)?"
_ZONE = re.compile(rf"{_OFFSET}|UTC|GMT|[A-Z]\w+/\w+(?:/\w+)?", re.I)
_OFFSET_AT_END = re.compile(r"(.*\w)[\s_-]+((?:UTC|GMT)\s*[+\u2212-]\s*\d.*)", re.I)
# Zones by names that do not say which one is meant, or whether it is summer there.
_UNCLEAR = frozenset(
    (
        *("est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "et", "ct", "mt"),
        *("pt", "cet", "cest", "eet", "eest", "wet", "bst", "ist", "jst", "kst", "msk"),
        *("hkt", "sgt", "aest", "aedt", "brt", "local", "exchange", "server"),
        *("local_time", "exchange_time", "server_time"),
    )
)
_LOCAL = frozenset(("local_time", "local_date", "local_datetime", "local_date_time"))
# What may be in parentheses beside the name of a time and is no zone.
_UNIT_OF_TIME = re.compile(
    r"(?:m|u|µ|n|milli|micro|nano)?s(?:ec(?:ond)?s?)?|unix.*|epoch.*|iso.*|.*yy.*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """`name` is the whole heading in snake case, `stem` without its zone or unit."""

    name: str
    stem: str
    zone: str | None = None
    unit: str | None = None


def headings(names: Sequence[str]) -> list[Heading]:
    """Parse the headings of one table.

    Where `t` and `T` are both names, as at Binance, `T` is the time of a trade, and of
    a candle's close; `M` beside `m` is no maker's flag.
    """
    given = {name.strip() for name in names}
    letters: dict[str, str] = {}
    if {"t", "T"} <= given:
        is_candle = {"o", "h", "l", "c"} <= given
        letters = {"T": "close_time"} if is_candle else {"t": "trade_id"}
    if {"m", "M"} <= given:
        letters["M"] = "best_match"
    return [heading(letters.get(name.strip(), name)) for name in names]


def heading(text: str) -> Heading:
    """Parse a heading such as `Date(UTC+1)` or `Volume (BTC)`."""
    cell = text.strip("\ufeff \t\"'<>").removeprefix("# ")
    cell = re.sub(r"(?<=\w)\s*#$", " number", cell)
    first, _, second = cell.partition("/")
    if first and second and not second.isascii():  # a name in two languages
        cell = first
    if cell in ("#", "No.", "No"):
        return Heading("#", "#")
    name = snake(cell) or cell.lower()
    plain, zone = _zone(cell)
    stem, unit = snake(plain) or plain.lower(), None
    word = stem.rpartition("_")
    if zone is None and word[0] and word[2].upper() in BASES | MONEY:
        unit, stem = word[2].upper(), word[0]
    return Heading(name, stem, zone, unit)


def _zone(cell: str) -> tuple[str, str | None]:
    """Split a heading of a time into the rest and its zone, if it names one."""
    for inside in _PARENTHESES.findall(cell):
        rest = cell.replace(f"({inside})", " ").replace(f"[{inside}]", " ")
        zone = inside.strip()
        if snake(rest) in _TIMES:
            return rest, None if _UNIT_OF_TIME.fullmatch(zone) else zone
        if _ZONE.fullmatch(zone) or snake(zone) in _UNCLEAR:
            return rest, zone
    if found := _OFFSET_AT_END.fullmatch(cell):
        return found[1], found[2]
    stem = snake(cell)
    if stem in _LOCAL:
        return stem.removeprefix("local_"), "local time"
    first, _, after = stem.partition("_")
    before, _, last = stem.rpartition("_")
    if after and first in ("utc", "gmt"):
        return after, "UTC"
    if before and last in ("utc", "gmt"):
        return before, "UTC"
    if stem not in _TIMES and before.rpartition("_")[2] in _TIMES:
        zone = unclear_zone(stem)
        return (before, zone) if zone else (cell, None)
    return cell, None


def unclear_zone(name: str) -> str | None:
    """Return `EST` for `moment_est`, a column that is known to be a time."""
    last = name.rpartition("_")[2]
    return last.upper() if last in _UNCLEAR else None


@lru_cache(maxsize=4096)
def snake(text: str) -> str:
    """Return `trade_id` for `tradeId`, `Trade ID` and `trade_id`; without accents."""
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    spaced = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", spaced)
    return re.sub(r"[\W_]+", "_", spaced.lower()).strip("_")


def find(columns: Sequence[Heading], names: Sequence[str]) -> int | None:
    """Return the index of the column with the first of these names that exists."""
    for name in names:
        for spelt in ([c.name for c in columns], [c.stem for c in columns]):
            if name in spelt:
                return spelt.index(name)
    return None
