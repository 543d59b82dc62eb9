"""The records that a dead-letter queue gets for bad data: why, and all of what it was.

{"reason": "price: is missing", "payload": "{\"symbol\":\"BTC\"}", "rejection_id": "…",
 "exchange": "binance", "request_id": "…", "received_at": "1709294400500"}

`rejection_id` is the same however often the same data is rejected again: a reader keeps
one record of each (`rejection_id`, `part`). Some fields are there only where needed:
`count`, where the payload is a JSON array of so many rejected elements; `part` with
`parts`, where the payload is one of several pieces, to be joined in that order;
`query`, the request's query parameters; and `history`, where it was sent again before.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from services.market.exact_json import Json

LARGEST_PIECE = 200 * 1024  # of JSON in ASCII; a message has at most 256 KiB
LONGEST_REASON = 1024


@dataclass(frozen=True, slots=True)
class Rejection:
    """Bad data and its reason; `payload` is the text as it was received, or where
    `count` is above one, a JSON array of so many elements.
    """

    reason: str
    payload: str
    count: int = 1

    def records(self, *origin: str, **context: Json) -> list[str]:
        """The queue messages. JSON in ASCII: SQS refuses some characters.

        `origin` tells this rejection from others of equal data, the same at each retry.
        """
        fields = {
            "reason": self.reason[:LONGEST_REASON],
            **context,
            "rejection_id": _digest(*origin, self.reason, self.payload),
            **({"count": self.count} if self.count > 1 else {}),
        }
        pieces = _pieces(self.payload)
        if len(pieces) == 1:
            return [json.dumps({**fields, "payload": self.payload})]
        return [
            json.dumps({**fields, "payload": piece, "part": n, "parts": len(pieces)})
            for n, piece in enumerate(pieces, start=1)
        ]


def _pieces(text: str) -> list[str]:
    if len(json.dumps(text)) <= LARGEST_PIECE:
        return [text]
    middle = len(text) // 2
    return [*_pieces(text[:middle]), *_pieces(text[middle:])]


def _digest(*texts: str) -> str:
    return sha256(json.dumps(texts).encode()).hexdigest()[:32]


def cut(text: str, size: int) -> str:
    """The text, or what of it fits into `size` bytes of UTF-8."""
    return text.encode(errors="replace")[:size].decode(errors="ignore")
