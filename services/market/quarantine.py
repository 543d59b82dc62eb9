"""The dead-letter records of bad data: the reason and the whole data.

{"reason": "price: is missing", "payload": "{\"symbol\":\"BTC\"}", "rejection_id": "…",
 "exchange": "binance", "request_id": "…", "received_at": "1709294400500"}

`rejection_id` is the same whenever the same data is rejected again, so a reader keeps
one record per (`rejection_id`, `part`). `count` is present if the payload is a JSON
array of so many rejected elements; `part` and `parts` are present if the payload is one
piece of several, to be joined in that order; `query` has the request's query
parameters; and `history` is present if the data was rejected and sent again before.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from services.market.exact_json import Json

LARGEST_PIECE = 200 * 1024  # of JSON in ASCII; a message has at most 256 KiB
LONGEST_REASON = 1024


@dataclass(frozen=True, slots=True)
class Rejection:
    """Bad data and its reason. `payload` is the text as received; with a `count` above
    one it is a JSON array of so many elements.
    """

    reason: str
    payload: str
    count: int = 1

    def records(self, *origin: str, **context: Json) -> list[str]:
        """The messages, as JSON in ASCII, because SQS refuses some characters.

        `origin` distinguishes this rejection from others of equal data; a retry has the
        same.
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
    """The part of the text that fits into `size` bytes of UTF-8."""
    return text.encode(errors="replace")[:size].decode(errors="ignore")
