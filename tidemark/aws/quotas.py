"""Check a plan against Lambda's quotas.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tidemark.terraform.plan import Plan

NEEDED = {"ConcurrentExecutions", "UnreservedConcurrentExecutions"}
FUNCTION = "aws_lambda_function"
LEFT_UNRESERVED = 100  # or Lambda refuses the reservation
# No call returns the memory limit of an account. A new account starts with this
# concurrency and with this memory limit.
STARTING_CONCURRENCY = 50
STARTING_MEMORY_MB = 3008


def problems(plan: Plan, limits: Mapping[str, int]) -> Iterator[str]:
    """Yield what Lambda would refuse; `limits` is its `AccountLimit`."""
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
    """The number of concurrent executions that the plan would reserve in addition."""
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
