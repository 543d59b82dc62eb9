"""Decide how to read a table: its layout, changed by the user's settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tidemark.replay.formats import header_names, registry
from tidemark.replay.formats.clocks import clock_beside
from tidemark.replay.formats.format import Layout
from tidemark.replay.formats.headings import Heading, unclear_zone
from tidemark.replay.formats.side_columns import codes
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.tables import shared_values, unnamed_candles
from tidemark.replay.reading.tables.setting_checks import check_columns
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values.file_names import intervals_in
from tidemark.replay.reading.values.intervals import Interval
from tidemark.replay.reading.values.symbols import coin_name, split
from tidemark.replay.reading.values.unknown_times import has_time

_NAMES = {
    "price": frozenset((*header_names.PRICE, *header_names.CLOSE)),
    "volume": frozenset(header_names.VOLUME),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A layout, and the symbol and exchange that all rows share, if any.

    `intervals` are those that the name of the file contains.
    """

    layout: Layout
    settings: Settings
    symbol: str | None
    exchange: str | None
    intervals: Sequence[Interval] = ()
    has_time: bool = True

    @property
    def roles(self) -> Mapping[str, int]:
        """The column of each part of a tick."""
        return self.layout.roles


def plan(table: Table, settings: Settings, names: Sequence[str]) -> Plan:
    """Decide how to read a table from a file with one of these names.

    Raises `Refusal` if the user must add a setting.
    """
    layout = _with_settings(_layout(table, settings), table, settings)
    if "price" not in layout.roles:
        raise Refusal(
            f"none of its columns ({table.named()}) has a known name of a price: "
            f"{_ask(table)}"
        )
    if "price" in settings.columns:
        layout = unnamed_candles.with_candles(layout, table)
    symbol, layout = shared_values.symbol_of(layout, table, settings, names)
    if symbol is not None and "volume" not in settings.columns:
        layout = _in_base(layout, table, symbol)
    exchange, layout = shared_values.exchange_of(layout, table, settings)
    return Plan(
        layout,
        settings,
        symbol,
        exchange,
        tuple(intervals_in(names, minutes=layout.format == "Kraken OHLCVT")),
        has_time(layout, table),
    )


def _in_base(layout: Layout, table: Table, symbol: str) -> Layout:
    """Return the layout without a volume whose heading names another currency."""
    index, pair = layout.roles.get("volume"), split(symbol.removesuffix("-PERP"))
    unit = None if index is None or not table.has_header else table.columns[index].unit
    if unit is None or pair is None or coin_name(unit) == pair[0]:
        return layout
    note = f"the volume is in {unit} and is left out"
    roles = {role: i for role, i in layout.roles.items() if role != "volume"}
    return replace(layout, roles=roles, notes=(*layout.notes, note))


def _ask(table: Table) -> str:
    if table.has_header:
        return "add PRICE=column, and TIME= and VOLUME= where they are not known."
    return "they have no names, so name them by position: TIME=1 PRICE=2 VOLUME=3."


def _layout(table: Table, settings: Settings) -> Layout:
    found = None
    if not table.has_header:
        found = registry.without_header(table.head)
    else:
        try:
            found = registry.with_header(table.columns, table.head)
        except Refusal:
            # PRICE= or VOLUME= settles what the names leave open.
            if not {"price", "volume"} & settings.columns.keys():
                raise
        if found is None:
            found = registry.with_header(_renamed(table, settings), table.head)
    return found or Layout("columns named by settings", {})


def _renamed(table: Table, settings: Settings) -> list[Heading]:
    """Return the headings with only the chosen price and volume named so."""
    columns = list(table.columns)
    for role, names in _NAMES.items():
        chosen = table.column(settings.columns.get(role, ""))
        if chosen is None:
            continue
        is_close = columns[chosen].stem in header_names.CLOSES
        columns = [
            replace(c, name="", stem="") if names & {c.name, c.stem} else c
            for c in columns
        ]
        name = "close" if is_close else role
        columns[chosen] = Heading(name, name)
    return columns


def _with_settings(layout: Layout, table: Table, settings: Settings) -> Layout:
    roles = dict(layout.roles)
    for setting, given in settings.columns.items():
        index = table.column(given)
        if index is None:
            listed = table.named()
            raise Refusal(
                f"{setting.upper()}={given} is not a column; the columns are {listed}."
            )
        roles[setting] = index
    check_columns(settings, table, roles)
    changed = replace(layout, roles=roles)
    if "time" in settings.columns:
        changed = _with_time(changed, table, roles["time"])
    if "side" in settings.columns:
        roles.pop("maker", None)
        changed = replace(changed, sides=codes(table.head, roles["side"]))
    if roles.get("quote") in (roles.get("volume"), roles.get("price")):
        roles.pop("quote", None)
    return changed


def _with_time(layout: Layout, table: Table, index: int) -> Layout:
    roles = {r: i for r, i in layout.roles.items() if r not in ("close_time", "clock")}
    clock = clock_beside(table.head, index, roles.values())
    if clock is not None:
        roles["clock"] = clock
    if not table.has_header:
        return replace(layout, roles=roles)
    heading = table.columns[index]
    return replace(
        layout,
        roles=roles,
        header_zone=heading.zone or unclear_zone(heading.name),
        time_is_close=heading.stem in header_names.CLOSE_TIMES,
    )
