"""`make repair`: enrich and forward what an outage left behind, and publish its alerts.

It finds its work in three places: the batches that price-enricher gave up, which
name their records in the stream for 24 hours; stored ticks without their averages;
and alerts that are claimed but not marked as notified. price-enricher itself is invoked
for the ticks, and data-processor reads the alerts' messages again: running it twice,
or interrupting it, is harmless.

Cost: a query or scan reads half a read unit per 4 KB; a repaired tick costs what it
would have cost in the first place.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Annotated, Any

import typer

from infra.settings import load_settings
from tidemark.commands.options import Symbol, now_ms
from tidemark.dead_letters.entries import ENRICHER, OUTPUTS, Entry
from tidemark.dead_letters.queues import DeadLetterQueue
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.stored import spans, stream, unfinished
from tidemark.stored.unfinished import Image
from tidemark.terminal import console

BATCH = 100  # ticks that price-enricher is invoked with
ATTEMPTS = 5
LARGEST_SCAN = 512 * 1024**2  # bytes of a table that is read as a whole unasked


@dataclass(frozen=True, slots=True)
class Scope:
    """Which ticks and alerts: of one symbol or all, from an event time on.

    Without a symbol the tables are scanned, and `everything` allows that for tables
    of any size.
    """

    symbol: str = ""
    since_ms: int = 0
    everything: bool = False


@dataclass(slots=True)
class Repaired:
    """What was found and done; `failed` ticks are still to be repaired."""

    ticks: int = 0
    failed: int = 0
    alerts: int = 0
    batches: int = 0
    notes: list[str] = field(default_factory=list)

    def lines(self, *, dry_run: bool) -> list[str]:
        """For people."""
        verb = "To repair" if dry_run else "Repaired"
        lines = [
            f"{verb}: {self.ticks:,} ticks, {self.alerts:,} alerts, "
            f"{self.batches:,} failed batches.",
            *self.notes,
        ]
        if self.failed:
            lines.append(
                f"Still not enriched: {self.failed:,} ticks. price-enricher's log says "
                "why (`make logs`); the same command tries them again."
            )
        return lines


def repair(
    environment: Environment, scope: Scope, progress: Progress, *, dry_run: bool
) -> Repaired:
    """Repair what the scope covers, or with `dry_run` only count it."""
    repaired = Repaired()
    _check_size(environment, scope)
    _repair_batches(environment, repaired, progress, dry_run=dry_run)
    _repair_ticks(environment, scope, repaired, progress, dry_run=dry_run)
    _repair_alerts(environment, scope, repaired, progress, dry_run=dry_run)
    return repaired


def _check_size(environment: Environment, scope: Scope) -> None:
    if scope.symbol or scope.everything:
        return
    name = environment.outputs()["prices_table_name"]
    table = environment.clients.dynamodb.describe_table(TableName=name)["Table"]
    size = table.get("TableSizeBytes", 0)
    if size > LARGEST_SCAN:
        raise ToolError(
            f"{name} holds {size / 1024**3:.1f} GiB, and finding its unfinished ticks "
            f"would read all of it ({size / 8192:,.0f} read units). Name a symbol "
            "(SYMBOL=BTC-USD), or add ALL=1."
        )


def _repair_batches(
    environment: Environment, repaired: Repaired, progress: Progress, *, dry_run: bool
) -> None:
    url = environment.outputs()[OUTPUTS[ENRICHER]]
    queue = DeadLetterQueue(environment.clients.sqs, ENRICHER, url)
    entries = list(queue.entries())
    batches = [entry for entry in entries if entry.kind == "batch"]
    done = [
        entry
        for entry in batches
        if not dry_run and _repair_batch(environment, entry, repaired, progress)
    ]
    for entry in done:
        queue.remove(entry)
    queue.release([entry for entry in entries if entry not in done])
    repaired.batches = len(batches) if dry_run else len(done)


def _repair_batch(
    environment: Environment, entry: Entry, repaired: Repaired, progress: Progress
) -> bool:
    images = stream.images(
        environment.clients.of("dynamodbstreams"),
        entry.content["DDBStreamBatchInfo"],
    )
    if images is None:
        repaired.notes.append(
            f"Batch {entry.id} is no longer in the stream: its ticks are found by "
            "their missing averages instead."
        )
        return True
    return _enrich(environment, images, repaired, progress)


def _repair_ticks(
    environment: Environment,
    scope: Scope,
    repaired: Repaired,
    progress: Progress,
    *,
    dry_run: bool,
) -> None:
    found = unfinished.ticks(
        environment.clients.dynamodb,
        environment.outputs()["prices_table_name"],
        symbol=scope.symbol,
        since_ms=scope.since_ms,
    )
    if dry_run:
        repaired.ticks += sum(1 for _ in found)
    else:
        _enrich(environment, found, repaired, progress)


def _enrich(
    environment: Environment,
    images: Iterable[Image],
    repaired: Repaired,
    progress: Progress,
) -> bool:
    """Invoke price-enricher with the ticks; return True if it took all of them."""
    function = environment.outputs()["price_enricher_arn"]
    client = environment.clients.of("lambda")
    complete = True
    with progress.step("Enriching and forwarding") as step:
        for batch in batched(images, BATCH, strict=False):
            left = _invoke(client, function, list(batch))
            repaired.ticks += len(batch) - len(left)
            repaired.failed += len(left)
            complete = complete and not left
            step.update(repaired.ticks, repaired.ticks + repaired.failed)
    return complete


def _invoke(client: Any, function: str, images: list[Image]) -> list[Image]:
    """Returns the ticks that were refused at each of several attempts."""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(2 ** (attempt - 1))
        answer = client.invoke(
            FunctionName=function, Payload=json.dumps(_event(images))
        )
        said = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            continue
        failed = {f["itemIdentifier"] for f in said["batchItemFailures"]}
        images = [image for i, image in enumerate(images) if str(i) in failed]
        if not images:
            break
    return images


def _event(images: Sequence[Image]) -> dict[str, Any]:
    """The records of the stream, as price-enricher gets them from its mapping."""
    return {
        "Records": [
            {
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"SequenceNumber": str(i), "NewImage": image},
            }
            for i, image in enumerate(images)
        ]
    }


def _repair_alerts(
    environment: Environment,
    scope: Scope,
    repaired: Repaired,
    progress: Progress,
    *,
    dry_run: bool,
) -> None:
    outputs = environment.outputs()
    found = unfinished.alerts(
        environment.clients.dynamodb,
        outputs["alerts_table_name"],
        symbol=scope.symbol,
        since_ms=scope.since_ms,
        now_ms=time.time_ns() // 1_000_000,
    )
    with progress.step("Publishing alerts") as step:
        for alert in found:
            if not dry_run:
                environment.clients.sqs.send_message(
                    QueueUrl=outputs["market_data_queue_url"],
                    MessageBody=unfinished.message_of(alert),
                )
            repaired.alerts += 1
            step.update(repaired.alerts, repaired.alerts)


def command(
    symbol: Symbol = "",
    since: Annotated[
        str,
        typer.Option(help="Event times from 1h ago, or a date, on."),
    ] = "1970-01-01",
    everything: Annotated[
        bool, typer.Option("--all", help="Scan tables of any size.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
) -> None:
    """Enrich, forward and publish what an outage left behind."""
    environment = Environment(load_settings())
    scope = Scope(symbol.upper(), spans.since(since, now_ms=now_ms()), everything)
    done = repair(environment, scope, console.progress(), dry_run=dry_run)
    typer.echo("\n".join(done.lines(dry_run=dry_run)))
    if done.failed:
        raise typer.Exit(1)
