"""The record of all calls in this local cloud: each distinct call once.

It contains calls by roles (a function, or Lambda on its behalf) and by the services
themselves, but no calls by users of the account.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

# Path of the page that shows it: a JSON array of objects with the fields of Call.
PATH = "/_localstack/tidemark/calls"


@dataclass(frozen=True, slots=True)
class Call:
    """`principal` is the ARN of a role, or a service (`lambda.amazonaws.com`)."""

    principal: str
    action: str
    resource: str
    source: str | None = None
    """ARN of the resource on whose behalf a service calls."""
    derived: bool = False
    """True for a call that AWS makes and LocalStack does not, such as to KMS."""


class CallRecord:
    """A set of calls in order of arrival; safe for concurrent use."""

    def __init__(self) -> None:
        self._known: dict[Call, None] = {}
        self._lock = threading.Lock()

    def note(self, call: Call) -> bool:
        """Record the call; return True if it is new."""
        with self._lock:
            new = call not in self._known
            self._known[call] = None
        return new

    def has(self, calls: Iterable[Call]) -> bool:
        """Return True if all of these calls are recorded."""
        with self._lock:
            return all(call in self._known for call in calls)

    def calls(self) -> Sequence[Call]:
        """Return all calls, in the order in which they were first noted."""
        with self._lock:
            return list(self._known)


@cache
def of_this_cloud() -> CallRecord:
    """Return the record of the LocalStack that runs in this process."""
    return CallRecord()
