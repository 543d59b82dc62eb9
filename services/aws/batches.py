"""Send entries to SQS or SNS in batches of ten, of at most 256 KiB per call."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.aws import backoff
from services.aws.clients import AWS_ERRORS
from services.aws.telemetry import logger

MOST_ENTRIES, MOST_BYTES = 10, 256 * 1024

type Entry = dict[str, Any]


def send_in_batches(
    entries: Sequence[Entry], call: Callable[[list[Entry]], Mapping[str, Any]]
) -> list[int]:
    """Send up to ten entries per call, each with an `Id`; return the positions of those
    that AWS refused at every attempt.

    If a call fails as a whole, it is unknown whether its entries were accepted. They
    count as refused, and sending them again may repeat them.
    """
    refused: list[int] = []
    patience = backoff.Patience()
    numbered = ({"Id": str(i), **entry} for i, entry in enumerate(entries))
    for batch in portions(numbered, most_bytes=MOST_BYTES, most_parts=MOST_ENTRIES):
        try:
            left = patience.drain(batch, lambda entries: _send(entries, call))
        except AWS_ERRORS:
            logger.exception("batch refused", extra={"entries": len(batch)})
            left = batch
        refused += [int(entry["Id"]) for entry in left]
    return refused


def _send(
    entries: list[Entry], call: Callable[[list[Entry]], Mapping[str, Any]]
) -> list[Entry]:
    refused = {failure["Id"] for failure in call(entries).get("Failed", [])}
    return [entry for entry in entries if entry["Id"] in refused]


def portions[Part](
    parts: Iterable[Part], *, most_bytes: int, most_parts: int | None = None
) -> Iterator[list[Part]]:
    """Split the parts, in order, into lists with at most `most_parts` parts and
    `most_bytes` of JSON. A part above the limit is alone in its list.
    """
    portion: list[Part] = []
    size = 0
    for part in parts:
        part_size = len(json.dumps(part))
        if portion and (size + part_size > most_bytes or len(portion) == most_parts):
            yield portion
            portion, size = [], 0
        portion.append(part)
        size += part_size
    if portion:
        yield portion
