"""Read stream records straight from DynamoDB Local.

LocalStack: parses and writes each record four times on its way to the function, which
takes a second for a thousand records.
Here: the mapping's first read goes that way, so that its permission is recorded; later
ones ask DynamoDB Local, and go that way again where it answers with an error.

localstack/services/lambda_/event_source_mapping/pollers/dynamodb_poller.py,
esm_event_processor.py
"""

import json
from datetime import UTC, datetime
from typing import Any

import requests
from localstack.services.dynamodb.server import DynamodbServer
from localstack.services.dynamodbstreams.v2.provider import DynamoDBStreamsProvider
from localstack.services.lambda_.event_source_mapping import esm_event_processor
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import (
    DynamoDBPoller,
)

from tidemark_localstack.patches.patching import replace, wrap

MOST_RECORDS = 1000
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDBStreams_20120810.GetRecords",
    # All callers share one database.
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/ddblocal/dynamodb/"
    "aws4_request, SignedHeaders=host, Signature=none",
}


def apply() -> None:
    wrap(DynamoDBPoller, "get_records", get_records)
    # It is written into a log that does not exist.
    replace(esm_event_processor, "to_json_str", lambda events: "")


def get_records(original: Any, poller: Any, shard_iterator: str) -> Any:
    session: requests.Session | None = getattr(poller, "tidemark_session", None)
    if session is None:
        answer = original(poller, shard_iterator)
        poller.tidemark_session = requests.Session()
        poller.tidemark_session.trust_env = False
        return answer
    answer = read(session, shard_iterator, poller.stream_parameters["BatchSize"])
    return answer or original(poller, shard_iterator)


def read(session: requests.Session, shard_iterator: str, size: int) -> Any:
    """Return the answer of GetRecords, or None if it is an error."""
    local = DynamoDBStreamsProvider.modify_stream_arn_for_ddb_local
    request = {
        "ShardIterator": local(None, shard_iterator),
        "Limit": min(size, MOST_RECORDS),
    }
    answer = session.post(
        DynamodbServer.get().url, data=json.dumps(request), headers=HEADERS, timeout=60
    )
    if answer.status_code != 200:
        return None
    found = answer.json()
    for record in found["Records"]:
        change = record["dynamodb"]
        created = change["ApproximateCreationDateTime"]
        change["ApproximateCreationDateTime"] = datetime.fromtimestamp(created, UTC)
    return found
