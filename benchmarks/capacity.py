"""Simulate the tick path at the rates of docs/capacity.md, and print its tables.

    bin/tidemark python -m benchmarks.capacity

First the run in `reference_run.json` is simulated, with the durations of its own
invocations; then AWS, with the durations that are assumed below.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path as File
from typing import Any

from benchmarks.simulation import Arrivals, Path, Simulated, Stage, simulate
from tidemark.accounting.costs import PER_MILLION, Traffic, per_tick

RUN = File(__file__).with_name("reference_run.json")
# LocalStack's threads for asynchronous events, and its pause between polls.
LOCAL_PLACES, LOCAL_POLL_S = 6, 0.25
MOST_TICKS, MOST_SECONDS = 1_000_000, 300
SECONDS_A_MONTH = 30 * 86_400
WRITES = 2.1
UNITS_OF_A_SHARD = 1000
SHARDS_OF_A_NEW_TABLE = 4
MEMORY_GB = {"webhooks": 1, "stream": 0.5, "queue": 3}

# Assumed durations on AWS: a call of DynamoDB or SQS takes 10 ms, Lambda reads a shard
# four times a second, and the Python of a tick takes what it takes on a local core.
AWS = Path(
    webhooks=Stage(base_s=0.020, per_tick_s=0.0005, places=10, batch=1000),
    stream=Stage(base_s=0.050, per_tick_s=0.0010, places=10, batch=1000, delay_s=0.25),
    queue=Stage(base_s=0.040, per_tick_s=0.0002, places=5, batch=25, delay_s=1),
    shards=SHARDS_OF_A_NEW_TABLE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A rate, the size of its webhooks, and the settings that it is run with."""

    per_s: int
    per_webhook: int
    settings: str
    path: Path
    webhook_rate: int = 500
    symbols: int = 10

    @property
    def seconds(self) -> int:
        """How long it is simulated."""
        return min(MOST_SECONDS, MOST_TICKS // self.per_s)


def plans() -> Iterator[Plan]:
    """Yield each rate with the defaults, then with what it needs."""
    alerts = replace(AWS.queue, batch=1000)
    for per_s, per_webhook in ((10, 1), (10, 100), (1000, 1), (1000, 100)):
        yield Plan(per_s, per_webhook, "defaults", AWS)
    more = replace(AWS, webhooks=replace(AWS.webhooks, places=50), queue=alerts)
    given = "WEBHOOK_RATE=1500, ALERT_BATCH_SIZE=1000, 50 places for webhooks"
    yield Plan(1000, 1, given, more, webhook_rate=1500)
    large = replace(
        AWS,
        webhooks=replace(AWS.webhooks, places=150),
        stream=replace(AWS.stream, places=250),
        queue=replace(alerts, places=50),
        shards=ceil(100_000 * WRITES / UNITS_OF_A_SHARD),
    )
    shards = replace(AWS, shards=large.shards)
    yield Plan(100_000, 100, "defaults", shards, symbols=250)
    given = "WEBHOOK_RATE=1500, ALERT_BATCH_SIZE=1000, 150, 250 and 50 places"
    yield Plan(100_000, 100, given, large, webhook_rate=1500, symbols=250)


def main() -> None:
    print("| load | measured, ticks/s | simulated | difference |\n|---|---:|---:|---:|")
    for name, measured, simulated in reproduced(json.loads(RUN.read_text())):
        change = f"{simulated / measured - 1:+.0%}"
        print(f"| {name} | {measured:.0f} | {simulated:.0f} | {change} |")
    print(
        "\n| ticks/s | webhooks of | settings | busy: webhooks | stream | queue "
        "| binds | enriched after, p95, s | $ per million | $ a month |\n"
        "|---:|---:|---|---:|---:|---:|---|---:|---:|---:|"
    )
    for plan in plans():
        print(f"| {' | '.join(cells(plan))} |")


def reproduced(run: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Yield each load of Tidemark with its measured and simulated ticks a second."""
    for case in run["cases"]:
        outcome = case["tidemark"]
        load, ticks = outcome["load"], outcome["load"]["ticks"]
        simulated = simulate(local_path(outcome), arrivals_of(load))
        name = f"{ticks:,} ticks by {load['per_webhook']}, {load['senders']} senders"
        yield (
            f"{name}, {case['rows']:,} rows",
            ticks / outcome["seconds"],
            ticks / simulated.seconds,
        )


def arrivals_of(load: Mapping[str, Any]) -> Arrivals:
    return Arrivals(load["ticks"], load["per_webhook"], load["per_s"])


def local_path(outcome: Mapping[str, Any]) -> Path:
    """Return the path with the durations that a load's invocations had."""
    load = outcome["load"]
    accept_s = outcome["sent_s"] / ceil(load["ticks"] / load["per_webhook"])
    stages = {
        name.rpartition("-")[0]: each for name, each in outcome["durations"].items()
    }
    return Path(
        webhooks=local(stages["webhook-processor"], LOCAL_PLACES, load["per_webhook"]),
        stream=local(stages["price-enricher"], 1, 1000, LOCAL_POLL_S),
        queue=local(stages["data-processor"], 5, 25),
        shards=1,
        accept_s=accept_s,
    )


def local(
    duration: Mapping[str, float], places: int, batch: int, delay_s: float = 0
) -> Stage:
    return Stage(duration["base_s"], duration["per_tick_s"], places, batch, delay_s)


def cells(plan: Plan) -> Sequence[str]:
    """Return a line of the table of rates."""
    arrivals = Arrivals(plan.per_s * plan.seconds, plan.per_webhook, plan.per_s)
    found = simulate(plan.path, arrivals)
    dollars = per_tick(traffic(plan, found)).dollars_per_million
    dollars += states(plan, found) * PER_MILLION["read_units"]
    month = dollars * plan.per_s * SECONDS_A_MONTH / 1e6
    busy = [f"{work.busy(found.seconds):.0%}" for work in found.work.values()]
    limit = "" if found.seconds < plan.seconds * 1.2 else found.binding
    if plan.per_s / plan.per_webhook > plan.webhook_rate:
        limit = "WEBHOOK_RATE"
    return [
        f"{plan.per_s:,}",
        str(plan.per_webhook),
        plan.settings,
        *busy,
        limit or "nothing",
        "-" if limit else f"{found.percentile(95):.1f}",
        f"{dollars:.2f}",
        f"{month:,.0f}",
    ]


def states(plan: Plan, found: Simulated) -> float:
    """Return how many rows of alert states are read and written for one tick."""
    batch = plan.per_s * plan.seconds / found.work["queue"].batches
    return min(plan.symbols, batch) / batch


def traffic(plan: Plan, found: Simulated) -> Traffic:
    """Return the traffic with the batches of the simulation."""
    ticks = plan.per_s * plan.seconds
    stream = ticks / found.work["stream"].batches
    seconds = sum(
        found.work[stage].seconds * memory for stage, memory in MEMORY_GB.items()
    )
    return Traffic(
        per_webhook=plan.per_webhook,
        per_symbol=stream / min(stream, max(1, plan.symbols / plan.path.shards)),
        stream_batch=stream,
        queue_batch=ticks / found.work["queue"].batches,
        writes=(WRITES if plan.per_webhook > 1 else 2) + states(plan, found),
        gb_seconds=seconds / ticks,
    )


if __name__ == "__main__":
    main()
