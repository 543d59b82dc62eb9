"""Who did what to what, each thing once: a file of JSON lines beside the cloud's own.

It holds what roles do (a function, and Lambda in its name) and what services do by
themselves. What an account's users do is not in it.
"""

import json
import os
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tidemark_localstack.settings import CALL_RECORD


@dataclass(frozen=True, slots=True)
class Call:
    """`principal` is a role's ARN or a service (`lambda.amazonaws.com`)."""

    principal: str
    action: str
    resource: str
    source: str | None = None
    """ARN of that on whose behalf a service acts."""
    derived: bool = False
    """AWS makes this call where LocalStack makes none: it never asks KMS."""


class CallRecord:
    """Appends to the file what it does not know yet. For any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[Call] = set()
        self._lock = threading.Lock()

    def note(self, call: Call) -> bool:
        """Whether the call was new."""
        if call in self._known:
            return False
        with self._lock:
            if call in self._known:
                return False
            self._known.add(call)
            with self._path.open("a") as file:
                print(json.dumps(asdict(call)), file=file)
        return True


def read(path: Path) -> set[Call]:
    """What is recorded so far."""
    return {Call(**json.loads(line)) for line in path.read_text().splitlines()}


@cache
def of_this_cloud() -> CallRecord:
    """The record of the LocalStack that this process is."""
    return CallRecord(Path(os.environ[CALL_RECORD]))
