"""The response of webhook-processor: counts, and reasons for bad data.

A direct caller receives it. After a webhook it is in the success notification.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.market.quarantine import Rejection, cut

# A notification has 256 KiB: the request in base64 takes 240, and each quote in a
# payload becomes four characters.
MOST_ERRORS, LARGEST_PAYLOAD = 10, 128


@dataclass(frozen=True, slots=True)
class Response:
    accepted: int
    duplicates: int
    rejections: Sequence[Rejection]
    request_id: str
    ignored: int = 0  # parts of messages that hold no tick: heartbeats, order books

    @property
    def counts(self) -> dict[str, int]:
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": len(self.rejections),
            "ignored": self.ignored,
        }

    def payload(self) -> dict[str, Any]:
        """Status 400 if nothing was stored because all data was bad, else 200."""
        stored = self.accepted + self.duplicates
        body: dict[str, Any] = {**self.counts, "request_id": self.request_id}
        if self.rejections:
            body["errors"] = [
                {"reason": bad.reason, "payload": cut(bad.payload, LARGEST_PAYLOAD)}
                for bad in self.rejections[:MOST_ERRORS]
            ]
        status = 400 if self.rejections and not stored else 200
        return {"statusCode": status, "body": json.dumps(body)}
