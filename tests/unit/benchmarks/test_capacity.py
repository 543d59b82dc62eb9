import json

import pytest

from benchmarks.capacity import AWS, RUN, Plan, cells, plans, reproduced


def test_the_simulation_reproduces_the_reference_run_within_30_per_cent() -> None:
    loads = list(reproduced(json.loads(RUN.read_text())))

    assert len(loads) == 8
    assert {name: simulated / measured for name, measured, simulated in loads} == {
        name: pytest.approx(1, abs=0.3) for name, _, _ in loads
    }


def test_the_rates_are_simulated_with_the_defaults_and_with_what_they_need() -> None:
    rates = [(plan.per_s, plan.per_webhook) for plan in plans()]

    assert {rate for rate, _ in rates} == {10, 1000, 100_000}
    assert rates.count((1000, 1)) == rates.count((100_000, 100)) == 2


def test_a_rate_above_the_apis_is_bound_by_it() -> None:
    assert "WEBHOOK_RATE" in cells(Plan(60, 1, "few", AWS, webhook_rate=50))


def test_a_rate_above_the_reserved_concurrency_is_bound_by_the_webhooks() -> None:
    busiest = cells(Plan(600, 1, "defaults", AWS, webhook_rate=1000))

    assert "webhooks" in busiest
