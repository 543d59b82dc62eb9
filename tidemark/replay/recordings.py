"""A recording of trades, one per line → ticks that the pipeline will take.

Lines are canonical JSON or CSV (`trade_csv.py`), plain, gzipped or zipped, from a file
or from standard input. Each is judged by the pipeline's own rules before it is sent.
"""

import gzip
import io
import re
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from services.exchanges import canonical
from services.exchanges.delivery import Delivery
from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick
from tidemark.machine.errors import ToolError
from tidemark.replay import csv_trades

NAMED_BY_FILE = re.compile(r"([A-Z0-9]{2,10}-[A-Z]{3,5}|[A-Z0-9]{5,20})(?=[-_.]|$)")


@dataclass(frozen=True, slots=True)
class Trade:
    """A tick that will be stored under `tick`'s key, and the JSON to send for it."""

    body: str
    tick: Tick


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no trade."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the lines themselves may leave out."""

    symbol: str | None = None
    exchange: str = "replay"


@contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """The lines of a file, or of standard input for `-`; raises ToolError."""
    if name == "-":
        yield sys.stdin
        return
    path = Path(name)
    if not path.is_file():
        raise ToolError(f"There is no file {name}.")
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
            yield lines
    elif start == b"PK\x03\x04":
        with zipfile.ZipFile(path) as bundle, bundle.open(bundle.namelist()[0]) as part:
            yield io.TextIOWrapper(part, encoding="utf-8-sig")
    else:
        with path.open(encoding="utf-8-sig") as lines:
            yield lines


def read(lines: Iterable[str], defaults: Defaults) -> Iterator[Trade | BadLine]:
    """The trades of a recording in its order."""
    now_ms = time.time_ns() // 1_000_000
    for number, element in _elements(lines):
        if isinstance(element, str):
            yield BadLine(number, element)
            continue
        missing = {"symbol": defaults.symbol, "exchange": defaults.exchange}
        # Ticks without a time get one here, so that each has a key of its own.
        missing["timestamp"] = f"{now_ms}.{number:06d}"
        given = {name: value for name, value in element.items() if value is not None}
        yield _judge({**missing, **given}, number, now_ms=now_ms)


def symbol_in(name: str) -> str | None:
    """The symbol that a file is named by: `BTCUSDT-trades-2024-01.zip`."""
    found = NAMED_BY_FILE.match(Path(name).name)
    return found[1] if found else None


def _judge(fields: dict[str, Json], number: int, *, now_ms: int) -> Trade | BadLine:
    if fields["symbol"] is None:
        return BadLine(number, "symbol: it has none (SYMBOL=BTC-USD would name one)")
    body = exact_json.dumps(fields)
    exchange = fields["exchange"]
    request = Delivery(
        body.encode(), exchange if isinstance(exchange, str) else None, now_ms, ""
    )
    [judged] = canonical.read(request.message(), request)
    if not isinstance(judged, Tick):
        return BadLine(number, judged.reason)
    return Trade(body, judged)


def _elements(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Json] | str]]:
    rest = iter(lines)
    head = []
    for line in rest:
        head.append(line)
        if line.strip():
            break
    whole = chain(head, rest)
    if head and head[-1].lstrip().startswith(("{", "[")):
        yield from _json(whole)
    else:
        for number, fields in csv_trades.read(whole):
            yield number, {**fields}


def _json(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Json] | str]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from ((number, element) for element in _parsed(line))


def _parsed(line: str) -> list[dict[str, Json] | str]:
    try:
        parsed = exact_json.loads(line)
    except InvalidValue as error:
        return [error.reason]
    match parsed:
        case {"prices": list(ticks)}:
            pass
        case list(ticks):
            pass
        case _:
            ticks = [parsed]
    return [
        tick
        if isinstance(tick, dict)
        else f"tick: {exact_json.dumps(tick):.60} is no object"
        for tick in ticks
    ]
