"""`make bench`: Tidemark, the reference and the floor in one run on one local cloud.

Prints a table and writes the same figures, with all that they were computed from, to
`.tidemark/bench.json`. It starts a local cloud of its own, whose tables it fills.
`QUICK=1` sends fewer ticks, to the environment that `make up` deployed, with symbols of
its own, `BENCH-…`; their rows remain until `make down`. `STOCK=1` measures at
LocalStack's own pace.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import httpx

from benchmarks import (
    alert_latency,
    filling,
    floor,
    measurement,
    own_cloud,
    report,
)
from benchmarks.alert_latency import Percentiles
from benchmarks.filling import Access
from benchmarks.load import Load, new_symbols
from benchmarks.measurement import Outcome, Symbols
from benchmarks.pipeline import tidemark
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.reference.deployment import deployed
from benchmarks.results import Case, Results
from benchmarks.system import System
from infra.settings import Settings, load_settings
from tidemark import marks
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terminal import console

# A load has settled after so long without an invocation; LocalStack's own pace has
# pauses of up to 10 s.
QUIET_S, STOCK_QUIET_S = 3.0, 12.0

ONE_TICK = Load(1, 1, 1, 1)

type Names = Sequence[str]


def main() -> None:
    if load_settings().target != "local":
        raise ToolError("`make bench` measures the local cloud: unset TARGET.")
    quick, stock = is_set("QUICK"), is_set("STOCK")
    plan = QUICK if quick else FULL
    quiet_s = STOCK_QUIET_S if stock else QUIET_S
    if quick and not stock:
        measure(load_settings(), plan, quiet_s)
        return
    with own_cloud.deployed(own_cloud.STOCK if stock else {}) as port:
        measure(load_settings(localstack_port=port), plan, quiet_s)


def is_set(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


def measure(settings: Settings, plan: Plan, quiet_s: float) -> None:
    with Bench.of(Environment(settings), plan, quiet_s) as bench:
        report.write(bench.results())


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of a plan in an environment. `direct` is a client of DynamoDB Local."""

    environment: Environment
    plan: Plan
    tidemark: System
    direct: Any
    progress: Progress
    quiet_s: float

    @classmethod
    @contextmanager
    def of(
        cls, environment: Environment, plan: Plan, quiet_s: float
    ) -> Iterator["Bench"]:
        with httpx.Client(timeout=60, trust_env=False) as http:
            yield cls(
                environment,
                plan,
                tidemark(environment, http, quiet_s),
                floor.database(environment),
                console.progress(),
                quiet_s,
            )

    def results(self) -> Results:
        """Write one tick into Tidemark, measure the reference, and then Tidemark.

        DynamoDB Local writes more slowly to a table with a stream, the more records
        there were in all streams before its first one: so each has few before it.
        """
        self.floor(self.plan.floor_ticks)  # until its code is compiled
        self.warm_up(self.tidemark, ONE_TICK)
        names = {
            rows: [new_symbols() for _ in self.plan.compared] for rows in self.plan.rows
        }
        theirs = {rows: self.reference(rows, each) for rows, each in names.items()}
        alert = self.alert()
        self.warm_up(self.tidemark, self.plan.warm_up[0])
        cases = [self.case(load, Symbols(new_symbols())) for load in self.plan.alone]
        for rows, symbols in names.items():
            if rows:
                self.fill(rows, symbols)
            cases += [
                self.case(load, self.filled(rows, symbols, each), rows, reference)
                for load, each, reference in zip(
                    self.plan.compared, symbols, theirs[rows], strict=True
                )
            ]
        return Results(alert, cases)

    def reference(self, rows: int, names: Sequence[Names]) -> list[Outcome]:
        """Return the reference's outcomes on a table with so many rows."""

        def fill(reference: System) -> None:
            if not rows:
                return
            with self.progress.step(f"{rows:,} rows into the reference") as step:
                found = filling.make_rows(reference, list(chain(*names)), rows)
                filling.write(self.direct, reference.table, found, step)

        with deployed(self.environment.clients, self.quiet_s, fill) as reference:
            self.warm_up(reference, self.plan.warm_up[1])
            return [
                self.outcome(reference, load, self.filled(rows, names, each))
                for load, each in zip(self.plan.compared, names, strict=True)
            ]

    def fill(self, rows: int, names: Sequence[Names]) -> None:
        access = Access(self.environment.clients.lambda_, self.direct)
        with self.progress.step(f"{rows:,} rows into Tidemark") as step:
            filling.fill(self.tidemark, list(chain(*names)), rows, access, step)

    def filled(self, rows: int, names: Sequence[Names], own: Names) -> Symbols:
        """Return the symbols of a load on a table that was filled with all names."""
        return Symbols(own, filling.last_prices(list(chain(*names)), rows))

    def case(
        self,
        load: Load,
        symbols: Symbols,
        rows: int = 0,
        reference: Outcome | None = None,
    ) -> Case:
        """Measure a load, with the floor before and after it: a machine that others
        use is not as fast in one minute as in the next.
        """
        before = self.floor(self.plan.floor_ticks)
        ours = self.outcome(self.tidemark, load, symbols)
        after = self.floor(self.plan.floor_ticks)
        return Case(rows, 2 / (1 / before + 1 / after), ours, reference)

    def warm_up(self, system: System, load: Load) -> None:
        self.outcome(system, load, Symbols(new_symbols()))

    def outcome(self, system: System, load: Load, symbols: Symbols) -> Outcome:
        text = f"{load.ticks:,} ticks by {load.per_webhook} to {system.name}"
        with self.progress.step(text) as step:
            return measurement.run(
                system,
                load,
                symbols,
                endpoint=self.environment.settings.endpoint_url,
                sent=lambda count: step.update(count, load.ticks),
            )

    def floor(self, ticks: int) -> float:
        with self.progress.step("Floor"):
            return floor.ticks_per_second(self.direct, ticks)

    def alert(self) -> Percentiles:
        samples = self.plan.alerts
        with self.progress.step("Webhook to alert") as step:
            return alert_latency.measure(
                self.environment.clients,
                self.environment.outputs()["trading_alerts_topic_arn"],
                self.tidemark.send,
                alarming_price(self.environment),
                samples,
                lambda done: step.update(done, samples),
            )


def alarming_price(environment: Environment) -> str:
    """Return a price beyond a mark."""
    band = marks.of(environment.settings).of("BENCH")
    if band.high is not None:
        return f"{band.high + 1:f}"
    if band.low:
        return f"{band.low / 2:f}"
    raise ToolError("There is no mark: set PRICE_HIGH or PRICE_LOW.")


if __name__ == "__main__":
    main()
