"""Post ticks while a fault is active, and verify that nothing is lost or wrong.

The ticks are of a symbol of their own, with a rule that fires on each tick beyond its
mark. Half of them are. Every tick must be stored once, with exact values, and every one
beyond the mark must have one alert that is marked as published. Where a claim was left
behind, it is given up to `make repair`.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from services.market.counts import counted
from tidemark.chaos import values
from tidemark.chaos.faults import Fault
from tidemark.chaos.injection import Injection, missed
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine import waiting
from tidemark.machine.progress import Progress
from tidemark.repairing import alerts
from tidemark.repairing.outcome import Repaired, Scope
from tidemark.stored import tables
from tidemark.stored.tables import Item
from tidemark.stored.unfinished import Span

TICKS, REQUESTS = 40, 4
PATIENCE_S = 180.0
# A claim holds for the time that its invocation had left.
CLAIM_S = 61.0
MARK = Decimal(150)
RULE_ID = "chaos"
# Of the ticks: more than ALERT_MAX_AGE_S can be, so that their alerts are stale. These
# have rows and notifications as others, but reach no channel and no mailbox.
AGE_S = 400 * 86_400


@dataclass(slots=True)
class Verdict:
    """What was found in the end; `problems` is empty if the fault was survived."""

    fault: str
    hits: int = 0
    seconds: float = 0
    ticks: int = 0
    alerts: int = 0
    repaired: int = 0
    problems: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        outcome = "FAILED" if self.problems else "survived"
        alerts = f"{counted(self.alerts, 'alert')} published"
        if self.repaired:
            alerts += f", {counted(self.repaired, 'alert')} repaired"
        return [
            f"{self.fault}: {outcome} after {self.seconds:.1f} s. The fault hit "
            f"{counted(self.hits, 'time')}; "
            f"{counted(self.ticks, 'tick is', 'ticks are')} exact, {alerts}.",
            *self.problems,
        ]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One environment on the local cloud. `await_claims` waits until a claim to an
    alert of a symbol that was made a moment ago has run out.
    """

    environment: Environment
    deployed: Deployed
    progress: Progress
    await_claims: Callable[[str], None] = lambda symbol: time.sleep(CLAIM_S)

    def run(self, fault: Fault) -> Verdict:
        """Inject the fault, post, wait, and verify."""
        begin = time.monotonic()
        symbol = f"CHAOS-{secrets.token_hex(4)}".upper()
        injection = Injection(self.environment.settings.endpoint_url)
        rules = fault.rules_for(self.environment.suffix)
        verdict = Verdict(fault.name)
        self._put_rule(symbol)
        with self.progress.step(f"{fault.name}: {fault.description}"):
            with injection.active(rules):
                self._post(symbol)
                waiting.until(
                    lambda: self._is_raised(symbol) and not missed(injection.rules()),
                    timeout=PATIENCE_S,
                )
                injected = injection.rules()
            if fault.claimed:
                self.await_claims(symbol)
                verdict.repaired = self._repair(symbol)
            waiting.until(lambda: self._is_settled(symbol), timeout=PATIENCE_S)
        self._judge(symbol, verdict)
        verdict.hits = sum(rule["hits"] for rule in injected)
        verdict.problems += [
            f"Nothing was hit by the rule `{rule}`: the experiment shows nothing."
            for rule in missed(injected)
        ]
        self._delete_rule(symbol)
        verdict.seconds = time.monotonic() - begin
        return verdict

    def _put_rule(self, symbol: str) -> None:
        """Let each tick above the mark raise an alert, whatever the settings are."""
        self.deployed.clients.dynamodb.put_item(
            TableName=self.deployed.rules_table,
            Item={
                "symbol": {"S": symbol},
                "rule_id": {"S": RULE_ID},
                "kind": {"S": "level"},
                "above": {"N": str(MARK)},
                "mode": {"S": "every"},
            },
        )

    def _delete_rule(self, symbol: str) -> None:
        self.deployed.clients.dynamodb.delete_item(
            TableName=self.deployed.rules_table,
            Key={"symbol": {"S": symbol}, "rule_id": {"S": RULE_ID}},
        )

    def _post(self, symbol: str) -> None:
        outputs, per_request = self.deployed.outputs, TICKS // REQUESTS
        headers = {
            "x-api-key": outputs["webhook_api_key"],
            "content-type": "application/json",
        }
        now_ms = time.time_ns() // 1_000_000
        for start in range(0, TICKS, per_request):
            body = [
                self._tick(symbol, number, now_ms)
                for number in range(start, start + per_request)
            ]
            httpx.post(
                f"{outputs['webhook_url']}/chaos",
                content=json.dumps(body),
                headers=headers,
                timeout=120,
                trust_env=False,
            ).raise_for_status()

    def _tick(self, symbol: str, number: int, now_ms: int) -> dict[str, Any]:
        price = MARK + number + 1 if number % 2 else MARK - number - 1
        return {
            "symbol": symbol,
            "price": str(price),
            "trade_id": number,
            "timestamp": now_ms - AGE_S * 1000 + number,
        }

    def _repair(self, symbol: str) -> int:
        """Publish what a dead process had claimed."""
        repaired = Repaired()
        scope = Scope(Span(symbol))
        now_ms = time.time_ns() // 1_000_000
        alerts.repair(self.deployed, scope, repaired, self.progress, now_ms=now_ms)
        return repaired.alerts

    def _is_raised(self, symbol: str) -> bool:
        """Return True if all ticks are enriched and all alerts have rows."""
        return len(self._alerts(symbol)) == TICKS // 2 and (
            sum("enriched" in row for row in self._ticks(symbol)) == TICKS
        )

    def _is_settled(self, symbol: str) -> bool:
        told = self._alerts(symbol)
        is_told = all("notified_at" in row for row in told) and self._is_raised(symbol)
        # A batch marks its ticks as enriched while it still corrects others.
        return is_told and not self._wrong(self._ticks(symbol))

    def _judge(self, symbol: str, verdict: Verdict) -> None:
        ticks, told = self._ticks(symbol), self._alerts(symbol)
        wrong = self._wrong(ticks)
        unmarked = sum("notified_at" not in row for row in told)
        verdict.ticks = len(ticks) - len(wrong)
        verdict.alerts = len(told) - unmarked
        for count, one, several, what in (
            (TICKS - len(ticks), "tick is", "ticks are", "not stored"),
            (len(wrong), "tick is", "ticks are", "without exact values"),
            (TICKS // 2 - len(told), "alert was", "alerts were", "not raised"),
            (unmarked, "alert is", "alerts are", "not marked as published"),
        ):
            if count:
                total = counted(count, one, several)
                verdict.problems.append(f"{total} {what} ({symbol}).")

    def _wrong(self, ticks: list[Item]) -> list[Item]:
        return values.wrong(ticks, self.environment.settings.volatility_window)

    def _ticks(self, symbol: str) -> list[Item]:
        return self._rows(self.deployed.prices_table, symbol)

    def _alerts(self, symbol: str) -> list[Item]:
        return self._rows(self.deployed.alerts_table, symbol)

    def _rows(self, table: str, symbol: str) -> list[Item]:
        return list(tables.query(self.deployed.clients.dynamodb, table, symbol))
