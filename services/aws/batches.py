"""Entries to SQS or SNS in batches of ten, within their limit of 256 KiB a call."""

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
    """Calls with up to ten entries at a time, each given an `Id`, and returns the
    positions of those that AWS did not take after all attempts.

    Where a call fails as a whole, it is not known whether its entries were taken:
    they count as refused, and sending them again may repeat them.
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
    """The parts in order, in lists of at most so many and so much JSON; a part that is
    larger by itself is alone.
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
