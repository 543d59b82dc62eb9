"""Parse written dates, in every possible order of day, month and year."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: number for number, name in enumerate(_NAMES.split(), 1)}
ORDERS = ("dmy", "mdy", "ymd")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"(20\d\d|19\d\d)(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_NAMED = (
    re.compile(rf"(?P<day>\d{{1,2}})[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}})", re.ASCII),
    re.compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})", re.ASCII),
    re.compile(rf"(?P<year>\d{{4}})[\s-]+{_MONTH}[\s-]+(?P<day>\d{{1,2}})", re.ASCII),
)
_SHORT = re.compile(rf"(\d{{1,2}})[\s-]+{_MONTH}[\s-]+'?(\d{{2}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """The possible dates of a text, by order; `is_iso` if the year comes first.

    A date that has only one meaning has the same value under every order.
    """

    by_order: dict[str, date]
    is_iso: bool
    is_plain: bool


@lru_cache(maxsize=4096)
def parse(text: str) -> Written | None:
    """Return the dates of a text for every valid order; None if there is none."""
    if found := _ISO.fullmatch(text):
        return _plain(found[1], found[3], found[4], is_iso=found[2] != ".")
    if found := _COMPACT.fullmatch(text):
        return _plain(found[1], found[2], found[3], is_iso=True)
    if found := _NUMBERS.fullmatch(text):
        return _numbers(found[1], found[3], found[4])
    text = _WEEKDAY.sub("", text, count=1)
    for form in _NAMED:
        if (found := form.fullmatch(text)) and (month := _month(found["month"])):
            return _plain(found["year"], str(month), found["day"], is_iso=False)
    if (found := _SHORT.fullmatch(text)) and (month := _month(found["month"])):
        return _choices(
            {"dmy": (found[3], month, found[1]), "ymd": (found[1], month, found[3])}
        )
    return None


def _month(name: str) -> int | None:
    full = name.lower()
    number = MONTHS.get(full[:3])
    if number is None or full not in _spellings(number):
        return None
    return number


def _spellings(number: int) -> tuple[str, ...]:
    full = date(2000, number, 1).strftime("%B").lower()
    return (full, full[:3], full[:4])


def _plain(year: str, month: str, day: str, *, is_iso: bool) -> Written | None:
    made = _date(int(year), int(month), int(day))
    if made is None:
        return None
    return Written(dict.fromkeys(ORDERS, made), is_iso, is_plain=True)


def _numbers(first: str, second: str, third: str) -> Written | None:
    choices = {
        "dmy": (third, int(second), first),
        "mdy": (third, int(first), second),
    }
    if len(third) == 2 and len(first) == 2:
        choices["ymd"] = (first, int(second), third)
    return _choices(choices)


def _choices(choices: dict[str, tuple[str, int, str]]) -> Written | None:
    made = {
        order: _date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
        for order, (year, month, day) in choices.items()
    }
    valid = {order: day for order, day in made.items() if day is not None}
    return Written(valid, is_iso=False, is_plain=False) if valid else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
