"""Refuse settings that make no sense for a table, rather than ignore them."""

from collections.abc import Callable, Mapping

from services.market.errors import InvalidValue
from tidemark.replay.formats.format import Layout
from tidemark.replay.formats.values import is_time
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import numbers, sides

_SHOWN = 3


def check_use(settings: Settings, layout: Layout) -> None:
    """Raise `Refusal` for a setting that no table of this kind has a use for."""
    if settings.market is not None:
        raise Refusal("MARKET= is set, but the file holds no messages of a venue.")
    if settings.interval is not None and not layout.is_candle:
        raise Refusal("INTERVAL= is set, but the file holds no candles.")


def check_columns(settings: Settings, table: Table, roles: Mapping[str, int]) -> None:
    """Raise `Refusal` if a chosen column has another use, or values of another kind."""
    for setting, given in settings.columns.items():
        index = roles[setting]
        for other in ("time", "price", *settings.columns):
            if other != setting and roles.get(other) == index:
                raise Refusal(
                    f"{setting.upper()}={given} is the column of the {other}, too."
                )
        cells = [cell.strip() for cell in table.head_cells(index) if cell.strip()]
        if cells and not any(_FITS[setting](cell) for cell in cells):
            shown = ", ".join(dict.fromkeys(cells[:_SHOWN]))
            raise Refusal(
                f"{setting.upper()}={given} holds no {_KINDS[setting]} ({shown:.60})."
            )


def _is_number(cell: str) -> bool:
    try:
        numbers.parse(cell)
    except InvalidValue:
        return False
    return True


def _is_side(cell: str) -> bool:
    try:
        sides.side(cell)
    except KeyError:
        return cell == "-1"
    return True


_KINDS = {"time": "times", "price": "prices", "volume": "amounts", "side": "sides"}
_FITS: Mapping[str, Callable[[str], bool]] = {
    "time": is_time,
    "price": _is_number,
    "volume": _is_number,
    "side": _is_side,
    "id": bool,
}
