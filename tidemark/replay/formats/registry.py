"""All known formats, and functions that recognise the format of a table."""

from collections.abc import Sequence
from dataclasses import replace

from tidemark.replay.formats import (
    amounts,
    binance,
    bitfinex,
    bitmex,
    bitstamp,
    bybit,
    coinbase,
    cryptodatadownload,
    deribit,
    freqtrade,
    gemini,
    generic,
    headerless,
    kaiko,
    kraken,
    kucoin,
    okx,
    tardis,
    tradingview,
    values,
    yahoo,
)
from tidemark.replay.formats.format import Cells, Format, Layout
from tidemark.replay.formats.headings import Heading

MODULES = (
    *(binance, bitfinex, bitmex, bitstamp, bybit, coinbase, cryptodatadownload),
    *(deribit, freqtrade, gemini, kaiko, kraken, kucoin, okx, tardis, tradingview),
    yahoo,
)
FORMATS: tuple[Format, ...] = tuple(
    format_ for module in MODULES for format_ in module.FORMATS
)


def with_header(columns: Sequence[Heading], rows: Sequence[Cells]) -> Layout | None:
    """Return the layout of a table with a header, by format or else by names."""
    found = [
        (len(format_.columns) + len(format_.also), layout)
        for format_ in FORMATS
        if (layout := _known(format_, columns, rows)) is not None
    ]
    if found:
        return max(found, key=lambda match: match[0])[1]
    return generic.layout(columns, rows)


def without_header(rows: Sequence[Cells]) -> Layout | None:
    """Return the layout of a table without a header, by its values."""
    for format_ in FORMATS:
        if (layout := format_.without_header(rows)) is not None:
            return layout
    return headerless.layout(rows)


def _known(
    format_: Format, columns: Sequence[Heading], rows: Sequence[Cells]
) -> Layout | None:
    for names in ([c.stem for c in columns], [c.name for c in columns]):
        layout = format_.with_header(names)
        if layout is None or not all(format_.values(row) for row in rows):
            continue
        if any(_has_time(row, layout.roles["time"]) for row in rows):
            zone = columns[layout.roles["time"]].zone
            roles = dict(layout.roles)
            if format_.names_amounts:
                roles |= amounts.amounts(columns, rows, roles["price"])
            return replace(layout, header_zone=zone, roles=roles)
    return None


def _has_time(row: Cells, index: int) -> bool:
    return index < len(row) and values.is_time(row[index])
