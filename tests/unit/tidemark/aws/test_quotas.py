from typing import Any

import pytest

from tests.unit.tidemark.plans import change, created, plan
from tidemark.aws import quotas
from tidemark.terraform.plan import Plan


def limits(total: int, unreserved: int) -> dict[str, int]:
    return {
        "ConcurrentExecutions": total,
        "UnreservedConcurrentExecutions": unreserved,
    }


def functions(*reserved: int, memory: int = 3008) -> Plan:
    return plan(
        *(
            created(
                f"aws_lambda_function.f{number}",
                reserved_concurrent_executions=count,
                memory_size=memory,
            )
            for number, count in enumerate(reserved)
        )
    )


@pytest.mark.parametrize(
    ("unreserved", "refused"), [(1000, 0), (127, 0), (126, 1), (10, 1)]
)
def test_a_hundred_executions_stay_unreserved(unreserved: int, refused: int) -> None:
    problems = list(quotas.problems(functions(10, 10, 5, 2), limits(1000, unreserved)))

    assert len(problems) == refused


def test_the_way_out_of_a_small_account_is_named() -> None:
    [problem] = quotas.problems(functions(10), limits(10, 10))

    assert "10 more would leave 0 of this account's 10" in problem
    assert "RESERVED_CONCURRENCY=off" in problem


def test_without_a_reservation_the_smallest_account_will_do() -> None:
    assert list(quotas.problems(functions(-1, -1), limits(10, 10))) == []


def test_what_is_reserved_already_counts_once() -> None:
    def function(reserved: int) -> dict[str, Any]:
        return {"reserved_concurrent_executions": reserved, "memory_size": 128}

    change_of_one = change(
        "aws_lambda_function.f", "update", before=function(10), after=function(12)
    )
    removal = change("aws_lambda_function.g", "delete", before=function(5))

    assert quotas.reservation_added(plan(change_of_one)) == 2
    assert quotas.reservation_added(plan(removal)) == -5


@pytest.mark.parametrize(("total", "refused"), [(1000, 0), (51, 0), (50, 1), (10, 1)])
def test_an_account_of_the_starting_size_has_the_starting_memory(
    total: int, refused: int
) -> None:
    large = functions(-1, memory=3072)

    problems = list(quotas.problems(large, limits(total, total)))

    assert ["DATA_PROCESSOR_MEMORY=3008" in each for each in problems] == (
        [True] * refused
    )


def test_memory_that_the_account_has_given_already_is_no_question() -> None:
    def function(code: str) -> dict[str, Any]:
        return {"memory_size": 3072, "source_code_hash": code}

    new_code = change(
        "aws_lambda_function.f", "update", before=function("a"), after=function("b")
    )

    assert list(quotas.problems(plan(new_code), limits(10, 10))) == []
