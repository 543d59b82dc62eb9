"""A delivery of CloudWatch Logs: gzip, then base64, of JSON.

{"messageType": "DATA_MESSAGE", "logGroup": "/aws/lambda/…", "logStream": "…",
 "logEvents": [{"id": "…", "timestamp": 1709294400123, "message": "…"}]}
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.aws.batches import portions
from services.aws.topics import Notification
from services.market.counts import counted
from services.market.errors import InvalidValue
from services.market.event_time import iso
from services.market.quarantine import cut

MOST_BYTES = 200 * 1024  # a notification has 256 KiB, its JSON quoting included
LONGEST_LINE, LONGEST_NAME = 32 * 1024, 512
YEAR_10000_MS = 253_402_300_800_000
_NOT_PRINTABLE = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one log stream; each event has `time` and `message`."""

    log_group: str
    log_stream: str
    events: list[dict[str, str]]


def read_lines(event: Mapping[str, Any]) -> Lines:
    """The delivered lines, without CloudWatch's control messages.

    Raises `InvalidValue`, or what unpacking raises, if the event is no delivery.
    """
    content = gzip.decompress(base64.b64decode(event["awslogs"]["data"]))
    delivery = json.loads(content)
    if not isinstance(delivery, dict) or not isinstance(delivery["logEvents"], list):
        raise InvalidValue("delivery", "holds no list of lines")
    is_data = delivery["messageType"] == "DATA_MESSAGE"
    return Lines(
        cut(_text(delivery["logGroup"]), LONGEST_NAME),
        cut(_text(delivery["logStream"]), LONGEST_NAME),
        [_event(line) for line in delivery["logEvents"] if is_data],
    )


def unreadable(event: Any, reason: str) -> Lines:
    """A line about an event that is no delivery, so that it is not lost."""
    return Lines("", "", [_event({"message": f"{reason}: {json.dumps(event)}"})])


def notifications(lines: Lines) -> list[Notification]:
    """The lines as JSON, in as many notifications as their size requires."""
    name = lines.log_group.rpartition("/")[2] or "unknown"
    function = _NOT_PRINTABLE.sub("?", name)
    return [
        Notification(
            f"{function}: {counted(len(events), 'log line')}"[:99],
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


def _event(line: Any) -> dict[str, str]:
    given = line if isinstance(line, dict) else {"message": line}
    return {
        "time": _time(given.get("timestamp", "")),
        "message": cut(_text(given.get("message", "")), LONGEST_LINE),
    }


def _time(value: Any) -> str:
    is_ms = type(value) is int and 0 <= value < YEAR_10000_MS
    return iso(value) if is_ms else cut(_text(value), LONGEST_NAME)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
