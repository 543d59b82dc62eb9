"""What a column of times proves about the order of its dates and its clocks' zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from tidemark.replay.formats.format import Layout
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.values.dates import ORDERS
from tidemark.replay.reading.values.times import Moment
from tidemark.replay.reading.values.zones import parse_zone

_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?", re.ASCII)
_LENGTHS = range(19, 30)
_COMPACT = (8, 12, 14)  # dates, and not epochs
_ZONE = "ZONE=UTC, or the zone of its clocks, such as ZONE=Europe/Madrid"


@dataclass(frozen=True, slots=True)
class Decided:
    """The result for a column of times; `asked` names what is missing.

    If `overrules` is True, the zone also replaces the zone that a time itself names,
    because the header contradicts it.
    """

    order: str
    zone: tzinfo | None
    overrules: bool
    asked: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class TimeEvidence:
    """The orders that all dates allow, and the first time for each open question."""

    orders: frozenset[str] = frozenset(ORDERS)
    unordered: str | None = None
    local: str | None = None
    local_iso: str | None = None
    abbreviated: str | None = None
    contradicted: str | None = None
    offset: str | None = None

    def is_known(self, text: str, layout: Layout) -> bool:
        """Return True if a time adds nothing new; this check is fast."""
        if text[-1:] == "Z":
            return text[4:5] == "-" and layout.header_zone is None
        if self.local_iso is not None and len(text) in _LENGTHS and text[4:5] == "-":
            return _LOCAL.fullmatch(text) is not None
        return text.replace(".", "", 1).isdigit() and len(text) not in _COMPACT

    def add(self, moment: Moment, layout: Layout, text: str, number: int) -> None:
        """Record one time."""
        if moment.ns is not None or moment.date is None:
            return
        shown = f"{text!r:.40} on line {number}"
        if not moment.date.is_plain:
            self.orders &= moment.date.by_order.keys()
            self.unordered = self.unordered or shown
        if moment.zone is not None:
            if moment.zone is not UTC:
                self.offset = self.offset or shown
            if layout.header_zone is not None and self._contradicts(moment, layout):
                self.contradicted = self.contradicted or shown
        elif moment.abbreviation is not None:
            self.abbreviated = self.abbreviated or shown
        elif moment.date.is_iso or moment.clock_ns is None:
            self.local_iso = self.local_iso or shown
        else:
            self.local = self.local or shown

    def decide(self, settings: Settings, layout: Layout) -> Decided:
        """Return the result, given the settings and the format."""
        asked: list[str] = []
        notes: list[str] = []
        order = self._order(settings, asked)
        zone = self._zone(settings, layout, asked, notes)
        overrules = self.contradicted is not None and settings.zone is not None
        return Decided(order, zone, overrules, tuple(asked), tuple(notes))

    def _order(self, settings: Settings, asked: list[str]) -> str:
        if settings.dates is not None:
            if self.unordered is None:
                asked.append(
                    f"DATES={settings.dates} is set, but every date has only one order."
                )
            return settings.dates
        if self.unordered is None:
            return "ymd"
        if len(self.orders) == 1:
            return next(iter(self.orders))
        if not self.orders:
            asked.append(
                f"no order of day and month fits all its dates ({self.unordered}): "
                "add DATES=dmy, DATES=mdy or DATES=ymd."
            )
            return "ymd"
        choices = " or ".join(f"DATES={order}" for order in sorted(self.orders))
        zone = (
            " Its clocks are read as UTC unless you add their zone, such as "
            "ZONE=Europe/Madrid."
            if self.local
            else ""
        )
        asked.append(
            f"the order of day and month in {self.unordered} is unclear: "
            f"add {choices}.{zone}"
        )
        return "ymd"

    def _zone(
        self, settings: Settings, layout: Layout, asked: list[str], notes: list[str]
    ) -> tzinfo | None:
        clocks = self.local or self.local_iso or self.abbreviated
        if settings.zone is not None:
            if not clocks and not self.contradicted and settings.zone is not UTC:
                asked.append("ZONE= is set, but every time names its own zone.")
            return settings.zone
        if self.contradicted:
            asked.append(
                f"the header says {layout.header_zone}, but {self.contradicted} "
                f"contradicts it: add {_ZONE}."
            )
        elif self.abbreviated:
            asked.append(f"the zone of {self.abbreviated} is ambiguous: add {_ZONE}.")
        elif clocks and layout.header_zone is not None:
            return self._of_header(layout.header_zone, asked, notes)
        elif clocks and self.offset:
            asked.append(
                f"{clocks} names no zone, but {self.offset} does: add {_ZONE}."
            )
        elif layout.zone is not None:
            return layout.zone
        elif self.local and not self._may_be_utc(settings):
            asked.append(f"the zone of {self.local} is not known: add {_ZONE}.")
        elif clocks:
            notes.append("times without a zone are read as UTC; ZONE= changes that")
        return UTC

    def _may_be_utc(self, settings: Settings) -> bool:
        """Return True if the message about the dates' order has also mentioned UTC."""
        asked = self.unordered is not None and len(self.orders) != 1
        return settings.dates is not None or asked

    @staticmethod
    def _of_header(name: str, asked: list[str], notes: list[str]) -> tzinfo | None:
        zone = parse_zone(name)
        if zone is None:
            asked.append(f"the header's zone, {name}, is ambiguous: add {_ZONE}.")
        elif zone is not UTC:
            notes.append(f"times are in the header's zone, {name}")
        return zone

    @staticmethod
    def _contradicts(moment: Moment, layout: Layout) -> bool:
        zone = parse_zone(layout.header_zone or "")
        if zone is None or moment.zone is None:
            return False
        day = next(iter(moment.date.by_order.values())) if moment.date else None
        if day is None:
            return False
        wall = datetime(day.year, day.month, day.day) + timedelta(
            microseconds=(moment.clock_ns or 0) // 1000
        )
        return wall.replace(tzinfo=zone).utcoffset() != moment.zone.utcoffset(None)
