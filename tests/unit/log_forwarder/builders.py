"""What CloudWatch Logs hands to a subscriber."""

import base64
import gzip
import json
from typing import Any

GROUP, STREAM = "/aws/lambda/price-enricher-dev", "2024/03/01/[$LATEST]abc"
NOW_MS = 1_709_294_400_123


def delivery(*messages: str, **changed: Any) -> dict[str, Any]:
    """The event that delivers log lines with these messages, a second apart."""
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": "000000000000",
        "logGroup": GROUP,
        "logStream": STREAM,
        "subscriptionFilters": ["errors"],
        "logEvents": [
            {"id": f"{n:056d}", "timestamp": NOW_MS + 1000 * n, "message": message}
            for n, message in enumerate(messages)
        ],
        **changed,
    }
    return packed(content)


def packed(content: Any) -> dict[str, Any]:
    """An event that delivers this JSON."""
    zipped = gzip.compress(json.dumps(content).encode())
    return {"awslogs": {"data": base64.b64encode(zipped).decode()}}
