"""What moto does otherwise than AWS, where a deployment depends on it."""

from typing import Any

import pytest
from moto.dynamodb.exceptions import ResourceNotFoundException
from moto.dynamodb.models import DynamoDBBackend, Table
from moto.sqs.models import Queue, SQSBackend

_delete_table = DynamoDBBackend.delete_table
_set_queue_attributes = SQSBackend.set_queue_attributes


def apply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DynamoDBBackend, "delete_table", _delete_table_as_aws)
    monkeypatch.setattr(SQSBackend, "set_queue_attributes", _set_attributes_as_aws)


def _delete_table_as_aws(backend: DynamoDBBackend, name: str) -> Table:
    """Name the table that is not there.

    Terraform takes it for deleted then, as after an answer that was lost on its way.
    """
    if name not in backend.tables:
        raise ResourceNotFoundException(table_name=name)
    return _delete_table(backend, name)


def _set_attributes_as_aws(
    backend: SQSBackend, queue_name: str, attributes: dict[str, Any]
) -> Queue:
    """Keep the policy if other attributes are set; moto forgets it."""
    policy = backend.get_queue(queue_name).policy
    return _set_queue_attributes(backend, queue_name, {"Policy": policy, **attributes})
