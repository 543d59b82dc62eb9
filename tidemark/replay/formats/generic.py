"""Read any CSV by its header: find each part of a tick by the column's name.

If two names are possible for one part and the values do not decide, the user must
choose. A column that looks like a time but has no known name is never ignored.
"""

from collections.abc import Mapping, Sequence

from tidemark.replay.formats import amounts, clocks, side_columns
from tidemark.replay.formats import header_names as known
from tidemark.replay.formats.format import Cells, Layout
from tidemark.replay.formats.headings import Heading, find
from tidemark.replay.formats.values import is_time
from tidemark.replay.reading.refusals import Refusal

MARKET_CAP = "beside a market capitalisation the volume is in its currency: left out"

type Columns = Sequence[Heading]


def layout(columns: Columns, rows: Sequence[Cells]) -> Layout | None:
    """Return the layout of a table with such a header and such first rows.

    Return None if it has no price. Raises `Refusal` if the user must choose.
    """
    if find(columns, known.BOOK) is not None:
        raise Refusal("it is an order book; only trades and candles are read.")
    roles = dict(_simple(columns, rows))
    candle = {"open", "high", "low"} <= roles.keys()
    price = _price(columns, candle=candle)
    if price is None:
        return None
    roles["price"] = price
    # A close makes it a candle even if the other prices are missing.
    candle = candle or columns[price].stem in known.CLOSES
    if not {"open", "high", "low"} <= roles.keys():
        roles = {r: i for r, i in roles.items() if r not in ("open", "high", "low")}
    if candle:
        roles.pop("id", None)
    notes: tuple[str, ...] = ()
    if find(columns, ("market_cap", "marketcap")) is None:
        roles |= amounts.amounts(columns, rows, price)
    else:
        notes = (MARKET_CAP,)
    told = side_columns.sides(columns, rows)
    roles |= told.roles
    roles |= _times(columns, rows)
    timed = [columns[roles[role]].zone for role in ("clock", "time") if role in roles]
    header_zone = next((zone for zone in timed if zone), None)
    zones = find(columns, known.ZONES)
    if zones is not None and header_zone is None:
        header_zone = f"column {columns[zones].name}"
    return Layout(
        "candles by their header" if candle else "trades by their header",
        roles,
        header_zone=header_zone,
        is_candle=candle,
        notes=(*notes, *told.notes),
        sides=told.codes,
        time_is_close="time" in roles
        and columns[roles["time"]].stem in known.CLOSE_TIMES,
    )


def _simple(columns: Columns, rows: Sequence[Cells]) -> Mapping[str, int]:
    names = {
        "id": known.ID,
        "symbol": known.SYMBOL,
        "exchange": known.EXCHANGE,
        "open": known.OPEN,
        "high": known.HIGH,
        "low": known.LOW,
        "fee": known.FEE,
        "interval": known.INTERVAL,
        "close_time": known.CLOSE_TIMES,
        "base": known.BASE,
        "money": known.MONEY,
        "status": known.STATUS,
    }
    found = {role: find(columns, choice) for role, choice in names.items()}
    roles = {role: index for role, index in found.items() if index is not None}
    pair = [roles[role] for role in ("base", "money") if role in roles]
    if "symbol" in roles or len(pair) < 2 or not _are_names(rows, pair):
        roles = {r: i for r, i in roles.items() if r not in ("base", "money")}
    return roles


def _price(columns: Columns, *, candle: bool) -> int | None:
    if candle:
        return find(columns, known.CLOSE)
    prices = [i for i, column in enumerate(columns) if column.stem == "price"]
    executed = [i for i, c in enumerate(columns) if c.stem in known.EXECUTED_PRICES]
    if len(prices) + len(executed) > 1:
        listed = ", ".join(columns[i].name for i in (*prices, *executed))
        raise Refusal(f"it has several prices ({listed}): add PRICE=column.")
    return find(columns, known.PRICE)


def _times(columns: Columns, rows: Sequence[Cells]) -> dict[str, int]:
    time = _time(columns, rows)
    day = find(columns, known.DATES)
    if time is None:
        close = find(columns, known.CLOSE_TIMES)
        return {} if close is None else {"time": close}
    for clock in (time, find(columns, known.CLOCKS)):
        if day is None or clock is None or clock == day or time not in (day, clock):
            continue
        if clocks.are_clocks(rows, clock):
            return {"time": day, "clock": clock}
    beside = clocks.clock_beside(rows, time, ())
    return {"time": time} | ({} if beside is None else {"clock": beside})


def _time(columns: Columns, rows: Sequence[Cells]) -> int | None:
    """Return the best-named column that contains times."""
    found = [
        index
        for name in known.TIME
        for index, column in enumerate(columns)
        if name in (column.name, column.stem)
    ]
    telling = (index for index in found if _holds_times(rows, index))
    return next(telling, found[0] if found else None)


def _holds_times(rows: Sequence[Cells], index: int) -> bool:
    return any(is_time(row[index]) for row in rows if index < len(row))


def _are_names(rows: Sequence[Cells], indices: Sequence[int]) -> bool:
    cells = (row[i].strip() for row in rows for i in indices if i < len(row))
    return all(cell.isalnum() and not cell.isdigit() for cell in cells if cell)
