"""One delivery: the body of a webhook request and what is known about it.

The edge (API Gateway, or a direct invocation) makes deliveries; `registry.py` reads
ticks out of them. The command-line tool does the same with what it is about to send.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.exact_json import Json

LARGEST_BODY = 180 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST. `exchange` is the path's, or None on a direct invocation.

    `query` holds the query parameters that name what a message leaves out: `symbol`
    and `market`. A retry of a webhook has the same `received_at_ms` and `request_id`.
    `history` says how often it was rejected and sent again, and why.
    """

    body: bytes
    exchange: str | None
    received_at_ms: int
    request_id: str
    query: Mapping[str, str] = field(default_factory=dict)
    history: Sequence[Mapping[str, str]] = ()

    @property
    def text(self) -> str:
        """The body as received; a byte that is not UTF-8 is shown as `\\xff`."""
        return self.body.decode(errors="backslashreplace")

    def message(self) -> Json:
        """Parse the body; a byte order mark is ignored. Raises `InvalidValue`."""
        if len(self.body) > LARGEST_BODY:
            problem = f"has {len(self.body)} bytes, at most {LARGEST_BODY}"
            raise InvalidValue("body", problem)
        try:
            text = self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidValue("body", "is not UTF-8") from error
        return exact_json.loads(text)
