"""Deploy the reference to the local cloud, and remove it again.

As in the founding system, the stream mapping has batches of 10, three retries and no
filter, and starts with what is written from then on.
"""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import ticks_table
from benchmarks.load import make_ticks, new_symbols
from benchmarks.patience import until
from benchmarks.reference.system import HANDLERS, system
from benchmarks.system import System
from tidemark.stored.clients import Clients

HERE = Path(__file__).parent
MEMORY_MB = dict(zip(HANDLERS, (1024, 512), strict=True))
TRUSTED = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}
ALLOWED = {
    "Effect": "Allow",
    "Action": ["dynamodb:*", "logs:*"],
    "Resource": "*",
}


@contextmanager
def deployed(
    clients: Clients, quiet_s: float, fill: Callable[[System], None]
) -> Iterator[System]:
    """Yield the running reference. It is removed afterwards, also after a failure.

    `fill` writes the rows that its table has before it gets a stream.
    """
    name = f"bench-reference-{uuid4().hex[:8]}"
    with ExitStack() as removal:
        ticks_table.create(clients.dynamodb, name)
        removal.callback(clients.dynamodb.delete_table, TableName=name)
        for handler in HANDLERS:
            make_function(clients, name, handler, removal)
        reference = system(clients, name, quiet_s)
        fill(reference)
        stream = add_stream(clients.dynamodb, name)
        make_mapping(clients.lambda_, reference.enricher, stream, removal)
        wait_for_first_poll(reference)
        yield reference


def wait_for_first_poll(reference: System) -> None:
    """Send ticks until one is enriched, and wait until nothing is left to do.

    A mapping that starts with `LATEST` skips what is written before its first poll. At
    LocalStack's own pace that poll is some seconds later.
    """
    symbols, since_ms = new_symbols()[:1], time.time_ns() // 1_000_000

    def is_enriched() -> bool:
        reference.send(make_ticks(1, symbols))
        return any("enriched" in row for row in reference.read(symbols[0], since_ms))

    until(is_enriched, "the first batch of the reference", interval_s=2)
    reference.logs.quiet_after(since_ms, timeout_s=60)


def add_stream(dynamodb: Any, table: str) -> str:
    specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    dynamodb.update_table(TableName=table, StreamSpecification=specification)
    dynamodb.get_waiter("table_exists").wait(TableName=table)
    return str(dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"])


def make_function(
    clients: Clients, name: str, handler: str, removal: ExitStack
) -> None:
    """Make a function with a role of its own, both with the same name."""
    function, iam = f"{name}-{handler}", clients.of("iam")
    role = iam.create_role(RoleName=function, AssumeRolePolicyDocument=policy(TRUSTED))[
        "Role"
    ]["Arn"]
    removal.callback(iam.delete_role, RoleName=function)
    iam.put_role_policy(
        RoleName=function, PolicyName=function, PolicyDocument=policy(ALLOWED)
    )
    removal.callback(iam.delete_role_policy, RoleName=function, PolicyName=function)
    clients.lambda_.create_function(
        FunctionName=function,
        Role=role,
        Runtime="python3.13",
        Architectures=["arm64"],
        Handler=f"{handler}.lambda_handler",
        MemorySize=MEMORY_MB[handler],
        Timeout=60,
        Code={"ZipFile": archive(HERE / f"{handler}.py")},
        Environment={"Variables": {"DYNAMODB_TABLE": name}},
    )
    removal.callback(clients.lambda_.delete_function, FunctionName=function)
    clients.lambda_.get_waiter("function_active_v2").wait(FunctionName=function)
    # LocalStack makes it for the first invocation, which the measurement waits for.
    clients.logs.create_log_group(logGroupName=f"/aws/lambda/{function}")
    removal.callback(remove_logs, clients.logs, f"/aws/lambda/{function}")


def make_mapping(lambda_: Any, function: str, stream: str, removal: ExitStack) -> None:
    mapping = lambda_.create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName=function,
        StartingPosition="LATEST",
        BatchSize=10,
        MaximumRetryAttempts=3,
    )

    def state() -> str | None:
        with suppress(lambda_.exceptions.ResourceNotFoundException):
            return str(lambda_.get_event_source_mapping(UUID=mapping["UUID"])["State"])
        return None

    def remove() -> None:
        lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
        until(lambda: state() is None, "the mapping to be removed")

    removal.callback(remove)
    until(lambda: state() == "Enabled", "the mapping")


def remove_logs(logs: Any, group: str) -> None:
    with suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=group)


def policy(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def archive(module: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.write(module, module.name)
    return content.getvalue()
