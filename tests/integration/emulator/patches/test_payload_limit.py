"""Lambda refuses payloads above its limits."""

import json

import pytest

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json

from localstack.aws.api.lambda_ import RequestTooLargeException
from localstack.services.lambda_.invocation.lambda_service import LambdaService

LambdaService.invoke = lambda service, **options: "accepted"

from tidemark_localstack.patches.lambda_ import payload_limit

payload_limit.apply()
service = object.__new__(LambdaService)


def answer(size):
    payload = bytes(size) if size else None
    try:
        return service.invoke(invocation_type=KIND, payload=payload)
    except RequestTooLargeException as error:
        return [error.status_code, str(error)]


print(json.dumps([answer(size) for size in SIZES]))
"""


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("Event", 1_048_576), ("RequestResponse", 6_291_456), (None, 6_291_456)],
)
def test_a_payload_above_the_limit_is_refused(kind: str | None, limit: int) -> None:
    sizes = repr([0, limit, limit + 1])
    program = PROGRAM.replace("KIND", repr(kind)).replace("SIZES", sizes)

    *accepted, [status, message] = json.loads(output_of(program)[-1])

    assert accepted == ["accepted", "accepted"]
    assert status == 413
    assert f"(limit {limit} bytes)" in message
