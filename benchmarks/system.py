"""A system under measurement: where its ticks go in, where its rows and logs are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.activity import Logs
from benchmarks.expected import Row
from benchmarks.load import Send

type Read = Callable[[str, int], Iterator[Row]]
type Make = Callable[[str, int, int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class System:
    """Tidemark, or what it is measured against.

    - `read` yields the rows of a symbol since a moment in ms, each with its `trade_id`.
    - `make` returns an enriched row of a symbol, at a place before a moment in ms.
    - `roles`: how the names of its functions' roles begin.
    - `enricher`: the function that the stream invokes.
    - `has_api`: webhooks pass an API, which charges for each.
    - `loses_ticks`: it is settled with fewer ticks than were sent.
    - `tolerance`: the part by which a value may differ from the exact one.
    """

    name: str
    send: Send
    table: str
    read: Read
    make: Make
    logs: Logs
    roles: tuple[str, ...]
    enricher: str
    has_api: bool = True
    loses_ticks: bool = False
    tolerance: Decimal = Decimal(0)
    consistent_reads: bool = True
