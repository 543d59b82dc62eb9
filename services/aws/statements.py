"""PartiQL statements in batches of 25, each with an outcome of its own.

One round trip does what 25 conditional writes would: `INSERT` writes only where the
key is absent, `UPDATE … WHERE` only where its condition holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Self

from services.aws import backoff
from services.aws.clients import AWS_ERRORS
from services.aws.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.aws.items import Item

BATCH = 25
DUPLICATE, CONDITION_FAILED = "DuplicateItem", "ConditionalCheckFailed"
_PASSING = frozenset(
    (
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
    )
)


@dataclass(slots=True)
class Statement:
    """`text` with `?` for `parameters`; `outcome` is None where it was carried out,
    else what it was refused with, e.g. `DuplicateItem`.

    No two statements of one call may have the same key.
    """

    text: str
    parameters: Sequence[AttributeValueTypeDef]
    outcome: str | None = field(default=None, init=False)

    @classmethod
    def insert(cls, table: str, item: Item) -> Self:
        """The item, if its key is absent; else the outcome is `DuplicateItem`."""
        fields = ", ".join(f"'{name}': ?" for name in item)
        return cls(f'INSERT INTO "{table}" VALUE {{{fields}}}', list(item.values()))


def execute(dynamodb: DynamoDBClient, statements: Sequence[Statement]) -> None:
    """Carries the statements out and sets their outcomes.

    A passing refusal (throttling, say) is tried again and stays as outcome only
    after the last attempt. Where a call fails as a whole, its error's name is the
    outcome of all its statements, and some of them may have been carried out.
    """
    for batch in batched(statements, BATCH, strict=False):
        try:
            backoff.drain(list(batch), lambda left: _send(dynamodb, left))
        except AWS_ERRORS as error:
            logger.exception("statements refused", extra={"count": len(batch)})
            for statement in batch:
                statement.outcome = type(error).__name__


def _send(dynamodb: DynamoDBClient, statements: list[Statement]) -> list[Statement]:
    answer = dynamodb.batch_execute_statement(
        Statements=[
            {"Statement": statement.text, "Parameters": statement.parameters}
            for statement in statements
        ]
    )
    for statement, response in zip(statements, answer["Responses"], strict=True):
        statement.outcome = response.get("Error", {}).get("Code")
    return [s for s in statements if s.outcome in _PASSING]
