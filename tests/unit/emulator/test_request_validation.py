"""Any body of a request fits its schema or does not; none raises an error."""

from typing import Any

import pytest
from jsonschema import Draft4Validator
from jsonschema.validators import validator_for

from tidemark_localstack import request_validation
from tidemark_localstack.request_validation import is_valid

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "anyOf": [
        {"type": "array", "items": {}},
        {"type": "object", "required": ["price"]},
    ],
}
NUMBERS = {"type": "array", "items": {"type": "number"}}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'[1, "two", null]',
        b'{"price": 1}',
        b"\xef\xbb\xbf[]",
        b'["caf\xe9", "\xc0\xaf"]',
        b"[" + b"9" * 5_000 + b"]",
        b"[" * 500 + b"]" * 500,
    ],
)
def test_a_body_that_fits_is_valid(body: bytes) -> None:
    assert is_valid(body, SCHEMA)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1",
        b'{"symbol": "BTC"}',
        b'{"price": ',
        b'["caf\xc3',
        "[]".encode("utf-16"),
        b"[" * 18_000 + b"]" * 18_000,
    ],
)
def test_a_body_that_does_not_fit_or_is_not_json_is_invalid(body: bytes) -> None:
    assert not is_valid(body, SCHEMA)


def test_an_empty_body_is_an_empty_object() -> None:
    assert is_valid(b"", {"type": "object"})


@pytest.mark.parametrize(
    ("body", "fits"), [(b"[1, 2.5]", True), (b"[" + b"9" * 5_000 + b', "a"]', False)]
)
def test_items_are_validated_where_there_is_a_schema_for_them(
    body: bytes, fits: bool
) -> None:
    assert is_valid(body, NUMBERS) is fits


def test_items_without_a_schema_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = request_validation.quick(validator_for(SCHEMA))
    looked_at: list[object] = []

    def descend(self: Any, instance: object, schema: Any, **more: Any) -> Any:
        looked_at.append(instance)
        return Draft4Validator.descend(self, instance, schema, **more)

    monkeypatch.setattr(kind, "descend", descend)

    assert is_valid(b"[" + b"0," * 1000 + b"0]", SCHEMA)

    assert 0 < len(looked_at) < 10
