"""What people are told of alerts: what happened, the change, where and when.

▲ BTC-USDT is above 150: 150.2
+3.2 % since the last alert (145.5) · 3 held back · binance ·
2026-11-25 22:06:11 UTC (4 s ago) · rule high · request 7f4a…
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from services.channels.alert import Alert
from services.market.event_time import iso
from services.market.money import plain
from services.market.visible import visible

LONGEST_NAME = 80
RESERVED = 40  # for the lines that count the alerts
_NUMBER = re.compile(r"\d{1,60}(\.\d{1,60})?", re.ASCII)
_PER_CENT = Context(prec=3)


@dataclass(frozen=True, slots=True)
class Markup:
    """How a service marks text: `name` makes what a sender wrote harmless."""

    name: Callable[[str], str]
    bold: Callable[[str], str]


def lines(
    alerts: Sequence[Alert],
    markup: Markup,
    *,
    now_ms: int,
    room: int,
    most: int | None = None,
) -> list[str]:
    """One paragraph for each alert, as many as there is room for, in UTF-16 units with
    two for a break; several are counted before them, and those left out after them.
    """
    title = [markup.bold(f"{len(alerts)} alerts")] if len(alerts) > 1 else []
    left = room - RESERVED * 2
    shown: list[str] = []
    for alert in alerts[:most]:
        paragraph = _paragraph(alert, markup, now_ms)
        left -= units(paragraph) + 2
        if left < 0 and shown:
            break
        shown.append(paragraph)
    hidden = len(alerts) - len(shown)
    return [*title, *shown, *([f"and {hidden} more"] if hidden else [])]


def headline(alert: Alert, name: Callable[[str], str]) -> str:
    """What happened."""

    def field(key: str) -> str:
        return _shown(alert.fields.get(key, "?"), name)

    symbol, price, mark = field("symbol"), field("price"), field("threshold")
    match alert.fields.get("alert_type"):
        case "HIGH":
            return f"▲ {symbol} is above {mark}: {price}"
        case "LOW":
            return f"▼ {symbol} is below {mark}: {price}"
        case "UP":
            return f"▲ {symbol} {_move(alert, name)}"
        case "DOWN":
            return f"▼ {symbol} {_move(alert, name)}"
        case "TEST":
            return "● This is a test: Tidemark can send alerts here"
        case _:
            return f"● {field('alert_type')} {symbol} {mark}: {price}"


def _move(alert: Alert, name: Callable[[str], str]) -> str:
    """`+5.2 % in 300 s: 100 → 105.2`"""
    before, price = (alert.fields.get(key, "?") for key in ("reference_price", "price"))
    change = _change(price, before) or "?"
    window = _shown(alert.fields.get("window_s", "?"), name)
    return f"{change} % in {window} s: {_shown(before, name)} → {_shown(price, name)}"


def units(text: str) -> int:
    """The length in UTF-16 code units: at least as much as any service counts."""
    return len(text.encode("utf-16-le")) // 2


def _paragraph(alert: Alert, markup: Markup, now_ms: int) -> str:
    heading = markup.bold(headline(alert, markup.name))
    facts = " · ".join(_facts(alert, markup.name, now_ms))
    return f"{heading}\n{facts}" if facts else heading


def _facts(alert: Alert, name: Callable[[str], str], now_ms: int) -> Iterator[str]:
    fields = alert.fields
    if change := _change(fields.get("price", ""), fields.get("previous_price", "")):
        before = _shown(fields["previous_price"], name)
        yield f"{change} % since the last alert ({before})"
    if fields.get("suppressed", "0") != "0":
        yield f"{_shown(fields['suppressed'], name)} held back"
    if "exchange" in fields:
        yield _shown(fields["exchange"], name)
    if (time_ms := alert.time_ms) is not None:
        moment = iso(time_ms)[:19].replace("T", " ")
        yield f"{moment} UTC ({_ago(now_ms - time_ms)})"
    for key, word in (("rule_id", "rule"), ("request_id", "request")):
        if key in fields:
            yield f"{word} {_shown(fields[key], name)}"


def _shown(text: str, name: Callable[[str], str]) -> str:
    if _NUMBER.fullmatch(text):
        return text
    shown = visible(text)
    if len(shown) > LONGEST_NAME:
        shown = f"{shown[:LONGEST_NAME]}…"
    return name(shown)


def _change(price: str, before: str) -> str:
    """The change in per cent with its sign, or nothing where it cannot be told."""
    if not (_NUMBER.fullmatch(price) and _NUMBER.fullmatch(before)):
        return ""
    if not Decimal(before):
        return ""
    change = _PER_CENT.plus((Decimal(price) / Decimal(before) - 1) * 100)
    return f"{'-' if change < 0 else '+'}{plain(abs(change))}"


def _ago(elapsed_ms: int) -> str:
    seconds = max(0, elapsed_ms) // 1000
    for size, unit, most in ((1, "s", 120), (60, "min", 7200), (3600, "h", 172_800)):
        if seconds < most:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 86_400} days ago"
