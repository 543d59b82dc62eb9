"""What Lambda's quotas leave room for.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tidemark.terraform.plan import Plan

NEEDED = {"ConcurrentExecutions", "UnreservedConcurrentExecutions"}
FUNCTION = "aws_lambda_function"
LEFT_UNRESERVED = 100  # or Lambda refuses the reservation
# No call tells the maximum of an account's memory. An account that Lambda starts with
# this little concurrency, it starts with this much memory, too.
STARTING_CONCURRENCY = 50
STARTING_MEMORY_MB = 3008


def problems(plan: Plan, limits: Mapping[str, int]) -> Iterator[str]:
    """What Lambda would refuse, given `AccountLimit` of `GetAccountSettings`."""
    added = reservation_added(plan)
    left = limits["UnreservedConcurrentExecutions"] - added
    if added > 0 and left < LEFT_UNRESERVED:
        yield (
            f"Lambda keeps {LEFT_UNRESERVED} concurrent executions unreserved, and "
            f"{added} more would leave {left} of this account's "
            f"{limits['ConcurrentExecutions']}: set RESERVED_CONCURRENCY=off, or ask "
            "AWS for a higher quota."
        )
    largest = max(_growing(plan), default=0)
    starting = limits["ConcurrentExecutions"] <= STARTING_CONCURRENCY
    if starting and largest > STARTING_MEMORY_MB:
        yield (
            f"An account with {limits['ConcurrentExecutions']} concurrent executions "
            f"takes functions of at most {STARTING_MEMORY_MB} MB, and one would have "
            f"{largest}: set DATA_PROCESSOR_MEMORY={STARTING_MEMORY_MB}."
        )


def reservation_added(plan: Plan) -> int:
    """How many more concurrent executions the functions would reserve."""
    return sum(
        _reserved(change.after) - _reserved(change.before)
        for change in plan.changes
        if change.kind == FUNCTION
    )


def _reserved(function: Mapping[str, Any]) -> int:
    reserved: int = function.get("reserved_concurrent_executions", -1)
    return max(reserved, 0)


def _growing(plan: Plan) -> Iterator[int]:
    for change in plan.changes:
        memory = change.after.get("memory_size", 0) if change.kind == FUNCTION else 0
        if memory > change.before.get("memory_size", 0):
            yield memory
