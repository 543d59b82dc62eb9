"""How a table will be read: its layout, changed by what the user's settings say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.market.errors import InvalidValue
from services.market.symbol import parse_exchange, parse_symbol
from tidemark.replay.formats import header_names, registry
from tidemark.replay.formats.format import Layout
from tidemark.replay.formats.headings import snake
from tidemark.replay.reading import intervals, numbers, symbols, times
from tidemark.replay.reading.intervals import Interval
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.tables import Table

DEFAULT_EXCHANGE = "replay"


@dataclass(frozen=True, slots=True)
class Plan:
    """A layout, and the symbol, exchange and interval that all rows share, if any."""

    layout: Layout
    settings: Settings
    symbol: str | None
    exchange: str | None
    interval: Interval | None = None
    is_json: bool = False
    has_time: bool = True

    @property
    def roles(self) -> Mapping[str, int]:
        """The column of each part of a tick."""
        return self.layout.roles


def plan(table: Table, settings: Settings, names: Sequence[str]) -> Plan:
    """Decide how to read a table, which comes from a file of one of these names.

    Raises `Refusal` where the user has to say more.
    """
    layout = _with_settings(_layout(table, settings), table, settings)
    if "price" not in layout.roles:
        raise Refusal(
            f"no column is known to be the price, of {table.named()}: {_ask(table)}"
        )
    symbol, layout = _symbol(layout, table, settings, names)
    exchange, layout = _exchange(layout, table, settings)
    return Plan(
        layout,
        settings,
        symbol,
        exchange,
        settings.interval or _interval_in(names),
        table.is_json,
        _has_time(layout, table),
    )


def _ask(table: Table) -> str:
    if table.has_header:
        return "add PRICE=column, and TIME= and VOLUME= where they are not known."
    return "they have no names, so name them by position: TIME=1 PRICE=2 VOLUME=3."


def _layout(table: Table, settings: Settings) -> Layout:
    named = frozenset(settings.columns)
    try:
        if table.has_header:
            layout = registry.with_header(table.columns, table.head)
        else:
            layout = registry.without_header(table.head)
    except Refusal as refusal:
        # PRICE= or VOLUME= settles what the names leave open.
        if not named & {"price", "volume"}:
            raise
        layout = _rest(table, named, refusal)
    return layout or Layout("columns named by settings", {})


def _rest(table: Table, named: frozenset[str], refusal: Refusal) -> Layout:
    stems = header_names.PRICE if "PRICE=" in str(refusal) else header_names.VOLUME
    if not named & {"price" if "PRICE=" in str(refusal) else "volume"}:
        raise refusal
    if not table.has_header:
        return Layout("columns named by settings", {})
    hidden = [
        replace(c, name="", stem="") if {c.name, c.stem} & {*stems} else c
        for c in table.columns
    ]
    if "PRICE=" in str(refusal):  # something must be the price meanwhile
        first = next(i for i, c in enumerate(hidden) if not c.stem)
        hidden[first] = replace(hidden[first], name="price", stem="price")
    return registry.with_header(hidden, table.head) or Layout("", {})


def _with_settings(layout: Layout, table: Table, settings: Settings) -> Layout:
    roles = dict(layout.roles)
    for setting, given in settings.columns.items():
        index = column(table, given)
        if index is None:
            listed = table.named()
            raise Refusal(f"{setting.upper()}={given}: no such column, of {listed}.")
        roles[setting] = index
    changed = replace(layout, roles=roles)
    if "time" in settings.columns:
        roles.pop("clock", None)
        changed = _with_time(changed, table, roles["time"])
    if "side" in settings.columns:
        roles.pop("maker", None)
    if roles.get("quote") in (roles.get("volume"), roles.get("price")):
        roles.pop("quote", None)
    return changed


def _with_time(layout: Layout, table: Table, index: int) -> Layout:
    roles = {r: i for r, i in layout.roles.items() if r != "close_time"}
    if not table.has_header:
        return replace(layout, roles=roles)
    heading = table.columns[index]
    return replace(
        layout,
        roles=roles,
        header_zone=heading.zone,
        time_is_close=heading.stem in header_names.CLOSE_TIMES,
    )


def column(table: Table, given: str) -> int | None:
    """The index of the column that a setting names, by its name or position from 1."""
    if table.has_header:
        wanted = snake(given) or given
        for index, heading in enumerate(table.columns):
            if wanted in (heading.name, heading.stem):
                return index
    if given.isascii() and given.isdigit() and 0 < int(given) <= len(table.head[0]):
        return int(given) - 1
    return None


def _symbol(
    layout: Layout, table: Table, settings: Settings, names: Sequence[str]
) -> tuple[str | None, Layout]:
    if settings.symbol is not None:
        index = column(table, settings.symbol) if table.has_header else None
        if index is not None:
            return None, replace(layout, roles={**layout.roles, "symbol": index})
        return _checked(settings.symbol), layout
    if {"base", "money"} <= layout.roles.keys():
        return None, layout
    if "symbol" in layout.roles:
        cells = {row[layout.roles["symbol"]].strip() for row in table.head if row}
        if cells - {""}:
            return None, layout
    named = table.symbol or symbols.in_names(names)
    if named is not None:
        symbol = symbols.canonical(named, perpetual=layout.perpetual)
        roles = {r: i for r, i in layout.roles.items() if r != "symbol"}
        return symbol, replace(layout, roles=roles)
    if not _has_units(layout, table):
        raise Refusal("nothing in it names its symbol: add SYMBOL=BTC-USD (its own).")
    return None, layout


def _checked(given: str) -> str:
    try:
        return parse_symbol(given)
    except InvalidValue as error:
        raise Refusal(f"SYMBOL={given} makes no sense: {error.reason}.") from error


def _has_units(layout: Layout, table: Table) -> bool:
    try:
        return all(
            numbers.parse(table.head[0][layout.roles[role]]).unit
            for role in ("volume", "price")
        )
    except (KeyError, IndexError, InvalidValue):
        return False


def _exchange(
    layout: Layout, table: Table, settings: Settings
) -> tuple[str | None, Layout]:
    given = settings.exchange
    if given is None:
        if "exchange" in layout.roles:
            return None, layout
        return layout.exchange or DEFAULT_EXCHANGE, layout
    index = column(table, given) if table.has_header else None
    if index is not None:
        return None, replace(layout, roles={**layout.roles, "exchange": index})
    try:
        return parse_exchange(given), layout
    except InvalidValue as error:
        raise Refusal(f"EXCHANGE={given} makes no sense: {error.reason}.") from error


def _interval_in(names: Sequence[str]) -> Interval | None:
    """`BTCUSDT-1h-2024.csv`, `BTC_USDT-5m.json`, and TradingView's minutes: `, 60`."""
    for name in names:
        stem = name.split(".")[0]
        if ", " in stem:
            length = stem.rpartition(", ")[2].split("_")[0].split(" ")[0]
            made = f"{length}m" if length.isdigit() else length
            if found := intervals.parse_interval(
                made if made[0].isdigit() else f"1{made}"
            ):
                return found
        for word in stem.replace("_", "-").split("-"):
            if found := intervals.parse_interval(word):
                return found
    return None


def _has_time(layout: Layout, table: Table) -> bool:
    if "time" in layout.roles:
        return True
    taken = {i for role, i in layout.roles.items() if role != "close_time"}
    suspects = [
        i for i in range(len(table.head[0])) if i not in taken and _is_time(table, i)
    ]
    if suspects or layout.is_candle:
        column = (
            table.columns[suspects[0]].name if suspects and table.has_header else ""
        )
        column = column or (str(suspects[0] + 1) if suspects else "column")
        raise Refusal(
            f"no column is known to be the time, of {table.named()}: "
            f"add TIME={column}, if that is the one."
        )
    return False


def _is_time(table: Table, index: int) -> bool:
    if table.has_header and index < len(table.columns):
        words = {*table.columns[index].name.split("_")}
        if words & {"time", "date", "timestamp", "datetime", "at", "ts", "day", "when"}:
            return True
    cells = [
        row[index] for row in table.head if index < len(row) and row[index].strip()
    ]
    return bool(cells) and all(_reads_as_time(cell) for cell in cells)


def _reads_as_time(cell: str) -> bool:
    try:
        moment = times.parse(cell)
    except InvalidValue:
        return False
    return moment.ns is None or moment.ns >= 1_230_768_000 * 10**9
