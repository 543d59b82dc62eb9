"""A poller reads stream records from DynamoDB Local itself, after its first read."""

import json
from typing import Any

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from datetime import UTC, datetime
from types import SimpleNamespace

from tidemark_localstack.patches.lambda_ import direct_stream_reads

requests = []


class Session:
    def post(self, url, *, data, headers, timeout):
        requests.append(json.loads(data))
        change = {"ApproximateCreationDateTime": 1764000000, "Keys": {}}
        body = {"Records": [{"dynamodb": change}], "NextShardIterator": "next"}
        return SimpleNamespace(status_code=STATUS, json=lambda: body)


direct_stream_reads.requests = SimpleNamespace(Session=Session)
direct_stream_reads.DynamodbServer = SimpleNamespace(
    get=lambda: SimpleNamespace(url="http://localhost:1")
)
poller = SimpleNamespace(stream_parameters={"BatchSize": 5000})
iterator = "000|arn:aws:dynamodb:us-east-1:000000000000:table/a/stream/b|1"
through_localstack = []


def original(poller, shard_iterator):
    through_localstack.append(shard_iterator)
    return {"Records": []}


direct_stream_reads.get_records(original, poller, iterator)
second = direct_stream_reads.get_records(original, poller, iterator)
times = [
    record["dynamodb"]["ApproximateCreationDateTime"].isoformat()
    for record in second["Records"]
]
print(json.dumps({
    "requests": requests, "times": times, "original": len(through_localstack)
}))
"""


def read_twice(status: int) -> dict[str, Any]:
    program = PROGRAM.replace("STATUS", str(status))
    found: dict[str, Any] = json.loads(output_of(program)[-1])
    return found


def test_the_first_read_goes_through_localstack_and_the_second_does_not() -> None:
    found = read_twice(200)

    assert found["original"] == 1
    [request] = found["requests"]
    assert request["Limit"] == 1000
    assert "ddblocal" in request["ShardIterator"]
    assert found["times"] == ["2025-11-24T16:00:00+00:00"]


def test_a_read_that_fails_is_repeated_through_localstack_which_knows_its_errors() -> (
    None
):
    assert read_twice(400)["original"] == 2
