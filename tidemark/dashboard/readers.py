"""The dashboard's sources of one deployed environment, and the reading they share."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import Settings
from tidemark.dashboard import around, follow, metric_names
from tidemark.dashboard import pace as paces
from tidemark.dashboard.alert_watch import AlertWatch
from tidemark.dashboard.board import Board
from tidemark.dashboard.cost import Cost, cost
from tidemark.dashboard.flow import Counts, Flow
from tidemark.dashboard.hop_items import HopItems
from tidemark.dashboard.hops import FUNCTIONS
from tidemark.dashboard.local_counts import LocalCounts
from tidemark.dashboard.log_counts import LogCounts
from tidemark.dashboard.metric_counts import MetricCounts
from tidemark.dashboard.pace import Pace
from tidemark.dashboard.prices import PriceWatch
from tidemark.dashboard.watchlist import Watchlist
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.stored import tables
from tidemark.stored.clients import Clients

A_WHILE_S = 120  # longer than a scraper waits between two readings


@dataclass(slots=True)
class Readers:
    """`version` grows with each reading of the board; `trouble` is why one failed."""

    environment: Environment
    pace: Pace
    board: Board
    prices: str
    alerts: str
    deployed: Deployed
    version: int = 0
    trouble: str = ""
    watchers: int = 0
    _until: float = 0.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    errors = (BotoCoreError, ClientError, ToolError, OSError)

    @classmethod
    def of(cls, environment: Environment) -> "Readers":
        """Raise `ToolError` if nothing is deployed."""
        settings, clients = environment.settings, environment.clients
        deployed = Deployed.of(environment)
        outputs = deployed.outputs
        pace = paces.AWS if settings.target == "aws" else paces.LOCAL
        prices, alerts = outputs["prices_table_name"], outputs["alerts_table_name"]
        flow = Flow(clients, _counts(settings, clients), settings.name)
        watchlist = Watchlist(
            clients.dynamodb, prices, alerts, pace.symbols_per_reading
        )
        board = Board(watchlist, flow, pace, _where(settings))
        return cls(environment, pace, board, prices, alerts, deployed)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Keep the board up to date while the block runs."""
        self.watchers += 1
        self._wanted.set()
        try:
            yield
        finally:
            self.watchers -= 1

    async def keep_reading(self) -> None:
        """Read the board for as long as somebody watches, without end."""
        while True:
            if not self.watchers and time.monotonic() > self._until:
                self._wanted.clear()
            await self._wanted.wait()
            try:
                for read in (self.board.read_symbols, self.board.read_flow):
                    await asyncio.to_thread(read)
                    self.version += 1
                self.trouble = ""
            except self.errors as error:
                self.trouble = self.explain(error)
            await asyncio.sleep(self.pace.board_s)

    def watch_a_while(self) -> None:
        """Keep the board up to date until nobody has called this for some time."""
        self._until = time.monotonic() + A_WHILE_S
        self._wanted.set()

    async def first_reading(self, timeout_s: float) -> None:
        """Wait until the board was read once, or cannot be read."""
        deadline = time.monotonic() + timeout_s
        while self.version < 2 and not self.trouble and time.monotonic() < deadline:
            await asyncio.sleep(0.1)

    @property
    def hop_items(self) -> HopItems:
        """Read the last items of a hop."""
        clients = self.environment.clients
        return HopItems(clients, self.board.watchlist, self.environment.settings.name)

    def ticks_around(self, symbol: str, time_ms: int) -> list[dict[str, Any]]:
        """The ticks around a time."""
        dynamodb = self.environment.clients.dynamodb
        return around.ticks(dynamodb, self.prices, symbol, time_ms)

    def follow(self, request_id: str, symbol: str) -> dict[str, Any] | None:
        """One request through every hop; None if nothing knows it."""
        settings = self.environment.settings
        return follow.request(self.deployed, settings, request_id, symbol)

    def cost(self) -> Cost | dict[str, Any]:
        """The cost of the traffic; empty if there was none."""
        flow, symbols = self.board.flow, len(self.board.watchlist.symbols)
        memory_mb = self._memory_mb() if self.deployed.on_aws else {}
        found = cost(
            flow.counts.samples,
            flow.until_ms,
            flow.physical,
            symbols=symbols,
            memory_mb=memory_mb,
        )
        return found or {}

    def _memory_mb(self) -> dict[str, int]:
        lambda_, name_of = self.environment.clients.lambda_, self.board.flow.physical
        return {
            name: lambda_.get_function_configuration(FunctionName=name_of(name))[
                "MemorySize"
            ]
            for name in FUNCTIONS
        }

    def price_watch(self, symbol: str, range_name: str) -> PriceWatch:
        """The candles of one symbol."""
        read = partial(
            tables.page, self.environment.clients.dynamodb, self.prices, symbol
        )
        return PriceWatch(read, range_name, self.pace.sweep_every)

    def alert_watch(self, symbol: str) -> AlertWatch:
        """The alerts of one symbol."""
        read = partial(
            tables.page, self.environment.clients.dynamodb, self.alerts, symbol
        )
        return AlertWatch(read)

    def explain(self, error: Exception) -> str:
        """What to tell the user."""
        if self.environment.settings.target == "local":
            try:
                self.environment.check_deployed()
            except ToolError as told:
                return str(told)
        return str(error)


def _counts(settings: Settings, clients: Clients) -> Counts:
    if settings.target == "aws":
        return MetricCounts(clients.cloudwatch, metric_names.every(settings.name))
    functions = [settings.name(name) for name in FUNCTIONS]
    errors = MetricCounts(clients.cloudwatch, metric_names.errors(settings.name))
    return LocalCounts(LogCounts(clients.logs, functions), errors)


def _where(settings: Settings) -> str:
    if settings.target == "aws":
        return f"{settings.environment_suffix} on AWS, {settings.aws_region}"
    return f"{settings.environment_suffix} on the local cloud"
