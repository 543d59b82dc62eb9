"""Raise an alert and alarms that are no real ones, and follow them.

The alert takes the whole way: a tick on a symbol of its own, posted to the webhook, a
rule for it, data-processor, trading-alerts, notifier, every channel. Its symbol says in
every message that it is a drill. Afterwards its rule and its rows are removed.
"""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from services.market.event_time import iso
from services.rules.rule import read_rule
from tidemark.channels.stored import StoredChannels
from tidemark.drill import alarms, arrivals
from tidemark.drill.arrivals import Arrival
from tidemark.drill.following import Look, Wanted
from tidemark.drill.listener import listening
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.rules import overview
from tidemark.stored import tables

SYMBOL, RULE, VENUE = "DRILL:THIS-IS-A-DRILL", "drill", "drill"
EXPIRES_MS = 600_000
PATIENCE_S = {"local": 180.0, "aws": 300.0}
# On AWS a subscription does not receive what is published in its first seconds.
SUBSCRIBED_S = {"local": 0.0, "aws": 15.0}


@dataclass(frozen=True, slots=True)
class Drill:
    """One environment. `number` tells this drill from others."""

    environment: Environment
    progress: Progress
    number: str

    @classmethod
    def of(cls, environment: Environment, progress: Progress) -> "Drill":
        return cls(environment, progress, secrets.token_hex(3).upper())

    @property
    def symbol(self) -> str:
        return f"{SYMBOL}-{self.number}"

    def run(self) -> list[Arrival]:
        """Do it; return what has arrived and what has not."""
        outputs, clients = self.environment.outputs(), self.environment.clients
        topics = [
            outputs["trading_alerts_topic_arn"],
            outputs["pipeline_errors_topic_arn"],
        ]
        channels = sorted(StoredChannels.of(self.environment).read())
        suffix, target = self.environment.suffix, self.environment.settings.target
        chosen = alarms.of_each_kind(clients.cloudwatch, f"-{suffix}")
        with ExitStack() as undo:
            listener = undo.enter_context(listening(clients, suffix, topics))
            undo.enter_context(self._rule())
            time.sleep(SUBSCRIBED_S[target])
            begin, since_ms = time.monotonic(), time.time_ns() // 1_000_000
            self._post(outputs, since_ms)
            reason = f"This is a drill: {self.number}"
            undo.enter_context(alarms.set_off(clients.cloudwatch, chosen, reason))
            look = Look(
                self.environment,
                listener,
                Wanted(self.symbol, reason, topics, channels, chosen),
                begin,
                since_ms,
            )
            with self.progress.step("Following the alert and the alarms") as step:
                return arrivals.wait(
                    look, timeout=PATIENCE_S[target], update=step.update
                )

    @contextmanager
    def _rule(self) -> Iterator[None]:
        """The rule of the drill; what is stored of its symbol goes with it."""
        rules = overview.stored_rules(self.environment)
        expires_ms = time.time_ns() // 1_000_000 + EXPIRES_MS
        rule = {
            "symbol": self.symbol,
            "rule_id": RULE,
            "kind": "level",
            "above": 1,
            "expires_at": iso(expires_ms),
            "note": "of make drill",
        }
        rules.put(read_rule(rule), replace=True)
        try:
            yield
        finally:
            rules.remove(self.symbol, RULE)
            self._remove_rows()

    def _post(self, outputs: dict[str, Any], now_ms: int) -> None:
        tick = {"symbol": self.symbol, "price": "2", "timestamp": now_ms}
        answer = httpx.post(
            f"{outputs['webhook_url']}/{VENUE}",
            content=json.dumps(tick),
            headers={
                "x-api-key": outputs["webhook_api_key"],
                "content-type": "application/json",
            },
            timeout=30,
            trust_env=self.environment.settings.target == "aws",
        )
        if answer.status_code != 202:
            raise ToolError(f"The webhook answers {answer.status_code}: {answer.text}")

    def _remove_rows(self) -> None:
        dynamodb, settings = (
            self.environment.clients.dynamodb,
            self.environment.settings,
        )
        for name in ("crypto-prices", "market-alerts"):
            table = settings.name(name)
            for row in [*tables.query(dynamodb, table, self.symbol)]:
                key: Any = {
                    "symbol": {"S": self.symbol},
                    "timestamp": {"N": f"{row['timestamp']:f}"},
                }
                dynamodb.delete_item(TableName=table, Key=key)
        dynamodb.delete_item(
            TableName=settings.name("alert-states"), Key={"symbol": {"S": self.symbol}}
        )
