from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def asked(dynamodb: DynamoDBClient) -> Iterator[list[dict[str, Any]]]:
    """The parameters of each query."""
    queries: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        queries.append(dict(params))

    event = "provide-client-params.dynamodb.Query"
    dynamodb.meta.events.register(event, note)
    yield queries
    dynamodb.meta.events.unregister(event, note)
