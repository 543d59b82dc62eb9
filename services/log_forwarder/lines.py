"""A delivery of CloudWatch Logs: gzip, then base64, of JSON.

{"messageType": "DATA_MESSAGE", "logGroup": "/aws/lambda/…", "logStream": "…",
 "logEvents": [{"id": "…", "timestamp": 1709294400123, "message": "…"}]}
"""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.aws.batches import portions
from services.aws.topics import Notification
from services.market.event_time import iso
from services.market.quarantine import cut

MOST_BYTES = 200 * 1024  # a notification has 256 KiB, its JSON quoting included
LONGEST_LINE = 32 * 1024


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one log stream; each event has `time` and `message`."""

    log_group: str
    log_stream: str
    events: list[dict[str, str]]


def read_lines(event: Mapping[str, Any]) -> Lines:
    """The delivered lines; none of the messages by which AWS tests the way."""
    delivery = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    is_data = delivery["messageType"] == "DATA_MESSAGE"
    return Lines(
        delivery["logGroup"],
        delivery["logStream"],
        [
            {
                "time": iso(line["timestamp"]),
                "message": cut(line["message"], LONGEST_LINE),
            }
            for line in delivery["logEvents"]
            if is_data
        ],
    )


def notifications(lines: Lines) -> list[Notification]:
    """The lines as JSON, in as many notifications as their size needs."""
    function = lines.log_group.rpartition("/")[2]
    return [
        Notification(
            f"{function}: {len(events)} log lines"[:99],
            json.dumps(
                {
                    "log_group": lines.log_group,
                    "log_stream": lines.log_stream,
                    "events": events,
                }
            ),
            {"function": function},
        )
        for events in portions(lines.events, most_bytes=MOST_BYTES)
    ]
