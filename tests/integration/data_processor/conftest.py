from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integration.data_processor.tables import Tables, fresh_tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def tables(dynamodb: DynamoDBClient) -> Iterator[Tables]:
    """Empty tables of the handler's."""
    with fresh_tables(dynamodb) as tables:
        yield tables
