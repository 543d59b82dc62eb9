"""What a system asked of the local cloud during a load, in the units that AWS charges.

The emulator counts the calls of each role, with the rows that each read or wrote.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tidemark.accounting.units import read_units

PATH = "/_localstack/tidemark/traffic"
WRITES = {
    f"dynamodb:{name}"
    for name in ("PartiQLInsert", "PartiQLUpdate", "PutItem", "UpdateItem")
}
# Each reads a row of at most 4 KB.
READS = {f"dynamodb:{name}" for name in ("BatchGetItem", "GetItem", "PartiQLSelect")}
QUERY, PUBLISH = "dynamodb:Query", "sns:Publish"
SEND, RECEIVE, DELETE = (f"sqs:{name}Message" for name in ("Send", "Receive", "Delete"))
# AWS does not charge for these, or LocalStack alone calls them.
FREE = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "lambda:InvokeFunction",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sts:AssumeRole",
    # A mapping on AWS polls at its own pace; a receive is counted for each delete.
    RECEIVE,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A kind of call: who makes it, and how many rows or statements it has."""

    principal: str
    action: str
    rows: int


type Calls = Mapping[Call, int]


def calls(endpoint: str) -> Counter[Call]:
    """Return the number of calls since the local cloud started."""
    answer = httpx.get(endpoint + PATH, trust_env=False).raise_for_status()
    counted: Counter[Call] = Counter()
    for use in answer.json():
        counted[Call(use["principal"], use["action"], use["rows"])] += use["calls"]
    return counted


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a load: their mean size, and the mean units of writing one."""

    mean_bytes: float
    write_units: float


@dataclass(frozen=True, slots=True)
class Consumed:
    """What a load took of AWS's services, apart from Lambda."""

    requests: int = 0
    writes: int = 0
    write_units: float = 0
    read_units: float = 0
    queue_requests: int = 0
    notifications: int = 0


def consumed(made: Calls, rows: Rows, *, consistent: bool) -> Consumed:
    """Add the calls up. Raises `LookupError` for a call whose price is not known."""
    charged = {call: count for call, count in made.items() if call.action not in FREE}
    writes = sum(call.rows * count for call, count in _of(charged, WRITES))
    sent = sum(count for _, count in _of(charged, {SEND}))
    received = sum(count for _, count in _of(charged, {DELETE}))
    read = sum(call.rows * count for call, count in _of(charged, READS))
    known = WRITES | READS | {SEND, DELETE, QUERY, PUBLISH}
    unknown = {call.action for call in charged} - known
    if unknown:
        raise LookupError(f"the price of {', '.join(sorted(unknown))} is not known")
    return Consumed(
        requests=sum(charged.values()) + received,
        writes=writes,
        write_units=writes * rows.write_units,
        read_units=read * read_units(0, consistent=consistent)
        + sum(
            read_units(call.rows * rows.mean_bytes, consistent=consistent) * count
            for call, count in _of(charged, {QUERY})
        ),
        queue_requests=sent + 2 * received,
        notifications=sum(count for _, count in _of(charged, {PUBLISH})),
    )


def _of(made: Calls, actions: set[str]) -> list[tuple[Call, int]]:
    return [(call, count) for call, count in made.items() if call.action in actions]
