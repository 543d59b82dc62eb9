"""One delivery: the body of a webhook request and what is known about it.

The edge (API Gateway, or a direct invocation) makes deliveries; `canonical.py` and the
venue files read ticks out of them. The command-line tool does the same before it sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST. `exchange` is the path's, or None on a direct invocation.

    `query` holds the query parameters that name what a message leaves out: `symbol`
    and `market`. A retry of a webhook has the same `received_at_ms` and `request_id`.
    """

    body: bytes
    exchange: str | None
    received_at_ms: int
    request_id: str
    query: Mapping[str, str] = field(default_factory=dict)
