"""Find what all rows of a table share: symbol and exchange."""

from collections.abc import Sequence
from dataclasses import replace

from services.market.errors import InvalidValue
from services.market.symbol import parse_exchange, parse_symbol
from tidemark.replay.formats.format import Layout
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import file_names, numbers, symbols

DEFAULT_EXCHANGE = "replay"


def symbol_of(
    layout: Layout, table: Table, settings: Settings, names: Sequence[str]
) -> tuple[str | None, Layout]:
    """Return the symbol of all rows, or None and a layout with its columns.

    Raises `Refusal` if nothing names the symbol.
    """
    if settings.symbol is not None:
        is_pair = symbols.split(settings.symbol) is not None
        index = None if is_pair else table.column(settings.symbol)
        if index is not None:
            return None, replace(layout, roles={**layout.roles, "symbol": index})
        return _checked(settings.symbol), layout
    if {"base", "money"} <= layout.roles.keys():
        return None, layout
    index = layout.roles.get("symbol")
    if index is not None and any(cell.strip() for cell in table.head_cells(index)):
        return None, layout
    named = table.symbol or file_names.in_names(names)
    if named is not None:
        symbol = symbols.canonical(named, perpetual=layout.perpetual)
        roles = {r: i for r, i in layout.roles.items() if r != "symbol"}
        return symbol, replace(layout, roles=roles)
    if not _has_units(layout, table):
        raise Refusal("nothing in it names its symbol: add SYMBOL=BTC-USD or the like.")
    return None, layout


def _checked(given: str) -> str:
    try:
        return parse_symbol(given)
    except InvalidValue as error:
        raise Refusal(f"SYMBOL={given} is not valid: {error.reason}.") from error


def _has_units(layout: Layout, table: Table) -> bool:
    try:
        return all(
            numbers.parse(table.head[0][layout.roles[role]]).unit
            for role in ("volume", "price")
        )
    except (KeyError, IndexError, InvalidValue):
        return False


def exchange_of(
    layout: Layout, table: Table, settings: Settings
) -> tuple[str | None, Layout]:
    """Return the exchange of all rows, or None and a layout with its column."""
    given = settings.exchange
    if given is None:
        if "exchange" in layout.roles:
            return None, layout
        return layout.exchange or DEFAULT_EXCHANGE, layout
    index = table.column(given)
    if index is not None:
        return None, replace(layout, roles={**layout.roles, "exchange": index})
    try:
        return parse_exchange(given), layout
    except InvalidValue as error:
        raise Refusal(f"EXCHANGE={given} is not valid: {error.reason}.") from error
