"""The dashboard's sources of one deployed environment, and the reading they share."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import Settings
from tidemark.dashboard import pace as paces
from tidemark.dashboard.alert_watch import AlertWatch
from tidemark.dashboard.board import Board
from tidemark.dashboard.flow import Flow
from tidemark.dashboard.hops import FUNCTIONS
from tidemark.dashboard.log_counts import LogCounts
from tidemark.dashboard.pace import Pace
from tidemark.dashboard.prices import PriceWatch
from tidemark.dashboard.watchlist import Watchlist
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.stored import tables


@dataclass(slots=True)
class Readers:
    """`version` grows with each reading of the board; `trouble` is why one failed."""

    environment: Environment
    pace: Pace
    board: Board
    prices: str
    alerts: str
    version: int = 0
    trouble: str = ""
    watchers: int = 0
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    errors = (BotoCoreError, ClientError, ToolError, OSError)

    @classmethod
    def of(cls, environment: Environment) -> "Readers":
        """Raises `ToolError` if nothing is deployed."""
        settings, clients = environment.settings, environment.clients
        outputs = environment.outputs()
        pace = paces.AWS if settings.target == "aws" else paces.LOCAL
        prices, alerts = outputs["prices_table_name"], outputs["alerts_table_name"]
        counts = LogCounts(clients.logs, [settings.name(name) for name in FUNCTIONS])
        flow = Flow(clients, outputs, counts, settings.name)
        watchlist = Watchlist(
            clients.dynamodb, prices, alerts, pace.symbols_per_reading
        )
        board = Board(watchlist, flow, pace, _where(settings))
        return cls(environment, pace, board, prices, alerts)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Keep the board up to date while the block runs."""
        self.watchers += 1
        self._wanted.set()
        try:
            yield
        finally:
            self.watchers -= 1
            if not self.watchers:
                self._wanted.clear()

    async def keep_reading(self) -> None:
        """Read the board for as long as somebody watches, without end."""
        while True:
            await self._wanted.wait()
            try:
                await asyncio.to_thread(self.board.read)
                self.version += 1
                self.trouble = ""
            except self.errors as error:
                self.trouble = self.explain(error)
            await asyncio.sleep(self.pace.board_s)

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


def _where(settings: Settings) -> str:
    if settings.target == "aws":
        return f"{settings.environment_suffix} on AWS, {settings.aws_region}"
    return f"{settings.environment_suffix} on the local cloud"
