"""freqtrade: candles and trades of its data folder, JSON lists of lists.

https://www.freqtrade.io/en/stable/data-download/

    [[1704067200000,42283.58,42554.57,42261.02,42475.23,1271.68], …]
    [[1704067200012,"42",null,"buy",42000.1,0.5,21000.05], …]

The files are named for their pair: `BTC_USDT-5m.json`, `BTC_USDT-trades.json`.
"""

from tidemark.replay.formats.format import Cells, Format
from tidemark.replay.formats.values import is_epoch, is_number


def _is_trade(cells: Cells) -> bool:
    numbers = all(is_number(cell) for cell in cells[4:6])
    return is_epoch(cells[0]) and cells[3].lower() in ("buy", "sell") and numbers


FORMATS = (
    Format(
        "freqtrade trades",
        positions=("time", "id", "", "side", "price", "volume", "quote"),
        values=_is_trade,
    ),
)
