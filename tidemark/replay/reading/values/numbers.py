"""Convert amounts as people and programs write them to decimal text, without loss.

Such amounts are `€71,234.56`, `3.489,00`, `0.5BTC`, `7.92E-06`, `1 234,5`, and an
accountant's `(0.5)` and `0.5-`, which are negative. The decimal mark is decided for a
whole column: `possible_marks` returns what a cell allows, and `Evidence` collects this
for a column.
"""

import re
from dataclasses import dataclass

from services.market.errors import InvalidValue

SIGNS_OF = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₿": "BTC", "₩": "KRW"}
SIGNS_OF |= {"₽": "RUB", "₹": "INR", "₺": "TRY", "R$": "BRL", "US$": "USD", "Ξ": "ETH"}
PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_THOUSANDS = {"K": "E3", "k": "E3", "M": "E6", "B": "E9"}
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<before>[^\W\d]{2,5}(?=\s)|R\$|US\$|[€$£¥₿₩₽₹₺Ξ])?\s*(?P<late>[+-]?)"
    r"(?P<body>[\d.,]*\d[.,]?)(?P<exponent>[eE][+-]?\d{1,3})?"
    r"\s*(?P<after>[^\W\d]\w*|[€$£¥₿₩₽₹₺])?",
    re.ASCII,
)
_INDIAN = r"[1-9]\d?(?:,\d\d)+,\d{3}"
_GROUPED = {
    mark: re.compile(
        rf"(?:\d+|[1-9]\d{{0,2}}(?:{re.escape(other)}\d{{3}})+{more})?"
        rf"(?:{re.escape(mark)}\d*)?",
        re.ASCII,
    )
    for mark, other, more in ((".", ",", f"|{_INDIAN}"), (",", ".", ""))
}
_NEGATIVE = re.compile(r"\((?P<inside>.*\d.*)\)|(?P<before>.*\d)\s*-")


@dataclass(frozen=True, slots=True)
class Written:
    """A number's parts: the sign, the digits with their marks, exponent and unit."""

    negative: bool
    body: str
    exponent: str = ""
    unit: str | None = None

    def decimal(self, mark: str) -> str:
        """Return plain decimal text, without its sign. Raises `InvalidValue`."""
        if not _GROUPED[mark].fullmatch(self.body):
            raise InvalidValue("number", f"{self.body!r} does not fit DECIMAL={mark}")
        other = "." if mark == "," else ","
        text = self.body.replace(other, "").replace(mark, ".")
        return _plain(text, self.exponent)


def parse(cell: str, *units: str) -> Written:
    """Split a cell into its parts; first remove one of `units` from its end.

    Raises `InvalidValue` for anything that is not a number.
    """
    text = _SPACES.sub("", cell.strip().replace("\u2212", "-"))
    if negative := _NEGATIVE.fullmatch(text):
        text = f"-{negative['inside'] or negative['before']}"
    unit = next((u for u in units if u and _ends_with(text, u)), None)
    if unit is not None:
        text = text[: -len(unit)].rstrip()
    found = _AMOUNT.fullmatch(text)
    if found is None or (found["sign"] and found["late"]):
        raise InvalidValue("number", f"{cell!r:.60} is not a number")
    named = [part for part in (found["before"], found["after"], unit) if part]
    if len(named) > 1:
        raise InvalidValue("number", f"{cell!r:.60} has more than one unit")
    sign = found["sign"] or found["late"]
    if named and named[0] in _THOUSANDS and not found["exponent"]:
        return Written(sign == "-", found["body"], _THOUSANDS[named[0]])
    name = SIGNS_OF.get(named[0], named[0].upper()) if named else None
    return Written(sign == "-", found["body"], found["exponent"] or "", name)


def is_negative(cell: str) -> bool:
    """Return True if a number has a sign for negative, in any form."""
    text = cell.strip().replace("\u2212", "-")
    signed = text.startswith("-") or _NEGATIVE.fullmatch(text) is not None
    return signed and any("1" <= character <= "9" for character in text)


def possible_marks(body: str) -> frozenset[str]:
    """Return the decimal marks with which the digits are valid: both, one or none."""
    return frozenset(mark for mark, form in _GROUPED.items() if form.fullmatch(body))


@dataclass(slots=True)
class Evidence:
    """What the cells of a column prove about its decimal mark."""

    marks: frozenset[str] = frozenset(".,")
    has_comma: bool = False
    has_point: bool = False
    shown: str = ""

    def add(self, body: str) -> None:
        """Record the digits of one number."""
        self.marks &= possible_marks(body)
        self.has_comma |= "," in body
        self.has_point |= "." in body
        if "." in body or "," in body:
            self.shown = self.shown or body

    @property
    def proven(self) -> str | None:
        """The decimal mark that the column proves, if any."""
        return next(iter(self.marks)) if len(self.marks) == 1 else None


def _ends_with(text: str, unit: str) -> bool:
    return len(text) > len(unit) and text[-len(unit) :].upper() == unit.upper()


def _plain(text: str, exponent: str) -> str:
    whole, _, fraction = text.partition(".")
    if exponent:
        shift = int(exponent[1:])
        digits = whole + fraction
        point = len(whole) + shift
        digits = (
            digits.rjust(len(digits) - min(point, 0), "0") if point <= 0 else digits
        )
        point = max(point, 0)
        digits = digits.ljust(point, "0")
        whole, fraction = digits[:point], digits[point:]
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole
