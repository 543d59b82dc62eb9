"""Who did what to what in this local cloud, each thing once.

It holds what roles do (a function, and Lambda in its name) and what services do by
themselves. What an account's users do is not in it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# Under the local cloud's address: a JSON array, each call an object of Call's fields.
PATH = "/_localstack/tidemark/calls"


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
    """For any number of threads."""

    def __init__(self) -> None:
        self._known: dict[Call, None] = {}
        self._lock = threading.Lock()

    def note(self, call: Call) -> bool:
        """Whether the call was new."""
        with self._lock:
            new = call not in self._known
            self._known[call] = None
        return new

    def calls(self) -> Sequence[Call]:
        """What was noted so far, in that order."""
        with self._lock:
            return list(self._known)


@cache
def of_this_cloud() -> CallRecord:
    """The record of the LocalStack that this process is."""
    return CallRecord()
