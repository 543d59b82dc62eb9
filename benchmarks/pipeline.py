"""One load through the deployed pipeline, until nothing of it is under way."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.activity import Activity, Logs
from benchmarks.expected import Row, Verdict, verdict
from benchmarks.load import SentTick, Webhook, by_symbol, make_ticks
from benchmarks.written import Written
from tidemark.environment import Environment
from tidemark.stored import tables

FUNCTIONS = ("webhook-processor", "price-enricher", "data-processor")
LONGEST_S = 300


@dataclass(frozen=True, slots=True)
class Load:
    """So many ticks in webhooks of one size, from so many senders."""

    per_webhook: int
    senders: int
    ticks: int

    @property
    def name(self) -> str:
        return f"webhooks of {self.per_webhook}, {self.senders} senders"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one load."""

    seconds: float
    writes: int
    activity: Activity
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Measured:
    """A load, its outcome, and how many ticks a second the floor takes at that time."""

    load: Load
    outcome: Outcome
    floor_per_s: float

    @property
    def ticks_per_s(self) -> float:
        return self.outcome.verdict.stored / self.outcome.seconds

    @property
    def of_floor(self) -> float:
        return self.ticks_per_s / self.floor_per_s

    @property
    def writes_per_tick(self) -> float:
        return self.outcome.writes / self.load.ticks


class Pipeline:
    """The pipeline of one environment on the local cloud."""

    def __init__(self, environment: Environment) -> None:
        outputs, clients = environment.outputs(), environment.clients
        url = f"{outputs['webhook_url']}/bench"
        self._webhook = Webhook(url, outputs["webhook_api_key"])
        self._table = outputs["prices_table_name"]
        self._dynamodb = clients.dynamodb
        self._streams = clients.of("dynamodbstreams")
        groups = [f"/aws/lambda/{name}-{environment.suffix}" for name in FUNCTIONS]
        self._logs = Logs(clients.logs, groups)

    def run(self, load: Load) -> Outcome:
        """Send the load, wait until all has settled, and judge what is stored."""
        ticks = make_ticks(load.ticks)
        written = Written(self._streams, self._stream_arn())
        began_ms = time.time_ns() // 1_000_000
        self._webhook.post(ticks, per_webhook=load.per_webhook, senders=load.senders)
        activity, rows = self._settled(ticks, began_ms)
        return Outcome(
            seconds=(activity.last_ms - began_ms) / 1000,
            writes=written.count(rows.keys()),
            activity=activity,
            verdict=verdict(ticks, rows),
        )

    def _settled(
        self, ticks: Sequence[SentTick], began_ms: int
    ) -> tuple[Activity, dict[str, Sequence[Row]]]:
        """Wait until the functions are quiet and each tick is stored and enriched; up
        to `LONGEST_S`, after which it is lost. A long batch is quiet while it runs.
        """
        deadline = time.monotonic() + LONGEST_S
        while True:
            activity = self._logs.quiet_after(began_ms, timeout_s=LONGEST_S)
            rows: dict[str, Sequence[Row]] = {
                symbol: list(tables.query(self._dynamodb, self._table, symbol))
                for symbol in by_symbol(ticks)
            }
            done = sum("window_n" in row for each in rows.values() for row in each)
            if done >= len(ticks) or time.monotonic() > deadline:
                return activity, rows

    def _stream_arn(self) -> str:
        table = self._dynamodb.describe_table(TableName=self._table)["Table"]
        return table["LatestStreamArn"]
