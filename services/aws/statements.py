"""PartiQL statements in batches of 25, each with an outcome of its own.

One round trip does what 25 conditional writes would: `INSERT` writes only where the
key is absent, `UPDATE … WHERE` only where its condition holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Self

from services.aws import backoff
from services.aws.clients import AWS_ERRORS, error_code
from services.aws.concurrency import concurrently
from services.aws.lanes import lanes_of
from services.aws.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.aws.items import Item

BATCH = 25
LONGEST_SAMPLE = 500
DUPLICATE, CONDITION_FAILED = "DuplicateItem", "ConditionalCheckFailed"
EXPECTED = frozenset((DUPLICATE, CONDITION_FAILED))
PASSING = frozenset(
    (
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
    )
)
# The content of a statement is refused, and always will be. The second and third are
# of a call as a whole.
INVALID = frozenset(
    (
        "ValidationError",
        "ValidationException",
        "ParamValidationError",
        "ItemCollectionSizeLimitExceeded",
    )
)
# These last until somebody changes a policy, a table or the code.
PERMANENT = INVALID | {
    "AccessDenied",
    "AccessDeniedException",
    "ResourceNotFound",
    "ResourceNotFoundException",
}


@dataclass(slots=True)
class Statement:
    """`text` with `?` for `parameters`; `outcome` is None where it was carried out,
    else the code it was refused with, e.g. `DuplicateItem`, and `detail` AWS's words.

    No two statements of one call may have the same key.
    """

    text: str
    parameters: Sequence[AttributeValueTypeDef]
    outcome: str | None = field(default=None, init=False)
    detail: str = field(default="", init=False)

    @classmethod
    def insert(cls, table: str, item: Item) -> Self:
        """The item, if its key is absent; else the outcome is `DuplicateItem`."""
        fields = ", ".join(f"'{name}': ?" for name in item)
        return cls(f'INSERT INTO "{table}" VALUE {{{fields}}}', list(item.values()))


def execute(
    dynamodb: DynamoDBClient,
    statements: Sequence[Statement],
    groups: Sequence[str] | None = None,
) -> None:
    """Carry the statements out, some batches at a time, and set their outcomes.

    With `groups` (each statement has its group at the same position) the batches that a
    group is in are carried out one after another.

    A passing refusal (throttling, say) is tried again and stays as outcome only
    after the last attempt. Where a call fails as a whole, its error's code is the
    outcome of all its statements, and some of them may have been carried out; but one
    whose content is invalid fails alone. Each code is logged once, with its count.
    """
    carry_out = partial(_carry_out, dynamodb, backoff.Patience())
    concurrently(
        lambda lane: [
            carry_out([*part]) for part in batched(lane, BATCH, strict=False)
        ],
        _in_lanes(statements, groups),
    )
    _report(statements)


def _in_lanes(
    statements: Sequence[Statement], groups: Sequence[str] | None
) -> list[Sequence[Statement]]:
    if groups is None:
        return [*batched(statements, BATCH, strict=False)]
    lanes = lanes_of(groups, per_lane=BATCH)
    return [[statements[position] for position in lane] for lane in lanes]


def _carry_out(
    dynamodb: DynamoDBClient, patience: backoff.Patience, batch: list[Statement]
) -> None:
    try:
        patience.drain(batch, lambda left: _send(dynamodb, left))
    except AWS_ERRORS as error:
        code = error_code(error)
        if code in INVALID and len(batch) > 1:
            for statement in batch:
                _carry_out(dynamodb, patience, [statement])
            return
        for statement in batch:
            statement.outcome, statement.detail = code, str(error)


def _send(dynamodb: DynamoDBClient, statements: list[Statement]) -> list[Statement]:
    answer = dynamodb.batch_execute_statement(
        Statements=[
            {"Statement": statement.text, "Parameters": statement.parameters}
            for statement in statements
        ]
    )
    for statement, response in zip(statements, answer["Responses"], strict=True):
        error = response.get("Error", {})
        statement.outcome = error.get("Code")
        statement.detail = error.get("Message", "")
    return [s for s in statements if s.outcome in PASSING]


def _report(statements: Sequence[Statement]) -> None:
    refused: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.outcome and statement.outcome not in EXPECTED:
            refused.setdefault(statement.outcome, []).append(statement)
    for code, alike in refused.items():
        logger.error(
            "statements refused",
            extra={
                "code": code,
                "count": len(alike),
                "permanent": code in PERMANENT,
                "sample": alike[0].detail[:LONGEST_SAMPLE],
                "statement": alike[0].text[:LONGEST_SAMPLE],
            },
        )
