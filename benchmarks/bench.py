"""`make bench`: the deployed pipeline beside the floor, as ratios of one run.

Prints a table and writes the same figures to `.tidemark/bench.json`. `QUICK=1` sends
fewer ticks. Works on the local cloud only, on the environment that `make up` deployed;
its ticks have symbols of their own, `BENCH-…`.
"""

import os
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from benchmarks import floor, report
from benchmarks.pipeline import Load, Measured, Pipeline
from infra.settings import load_settings
from tidemark.environment import Environment
from tidemark.local_cloud.process import HostCloud
from tidemark.machine import processes
from tidemark.machine.errors import ToolError
from tidemark.terminal import console

# More threads than connections would wait for each other.
CONFIG = Config(max_pool_connections=16, proxies={}, retries={"total_max_attempts": 3})


@dataclass(frozen=True, slots=True)
class Plan:
    """The loads of one run, and the ticks that each measurement of the floor writes."""

    loads: tuple[Load, ...]
    floor_ticks: int


FULL = Plan(
    (Load(1, 8, 1000), Load(10, 8, 3000), Load(100, 1, 6000), Load(100, 8, 6000)), 3000
)
QUICK = Plan((Load(1, 8, 150), Load(10, 8, 400), Load(100, 8, 1500)), 500)


def main() -> None:
    settings = load_settings()
    if settings.target != "local":
        raise ToolError("`make bench` measures the local cloud: unset TARGET.")
    environment = Environment(settings)
    pipeline = Pipeline(environment)
    plan = QUICK if os.environ.get("QUICK", "") not in ("", "0") else FULL
    report.write(measure(plan, pipeline, database(environment)))


def measure(plan: Plan, pipeline: Pipeline, dynamodb: Any) -> list[Measured]:
    """Measure each load, with the floor before and after it: a machine that others
    use is not as fast in one minute as in the next.
    """
    progress = console.progress()
    measured = []
    with progress.step("floor"):
        floor.ticks_per_second(dynamodb, plan.floor_ticks)  # until its code is compiled
        before = floor.ticks_per_second(dynamodb, plan.floor_ticks)
    for load in plan.loads:
        with progress.step(load.name):
            outcome = pipeline.run(load)
        with progress.step("floor"):
            after = floor.ticks_per_second(dynamodb, plan.floor_ticks)
        measured.append(Measured(load, outcome, 2 / (1 / before + 1 / after)))
        before = after
    return measured


def database(environment: Environment) -> Any:
    cloud, url = environment.cloud, environment.settings.endpoint_url
    leader = cloud.process() if isinstance(cloud, HostCloud) else None
    pids = [process.pid for process in processes.family(leader)] if leader else []
    return boto3.client(
        "dynamodb",
        endpoint_url=floor.endpoint(pids, url),
        region_name=environment.settings.aws_region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=CONFIG,
    )


if __name__ == "__main__":
    main()
