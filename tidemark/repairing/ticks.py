"""Repair stored ticks that are not enriched."""

from collections.abc import Iterator

from tidemark.dead_letters.deployed import Deployed
from tidemark.machine.progress import Progress, Step
from tidemark.repairing.enricher import Enricher
from tidemark.repairing.outcome import Repaired, Scope
from tidemark.stored import unfinished
from tidemark.stored.unfinished import NOT_ENRICHED, Condition, Image, Span


def repair(
    deployed: Deployed, scope: Scope, repaired: Repaired, progress: Progress
) -> None:
    """Enrich and forward them, or with a dry run count them."""
    with progress.step("Looking for ticks that are not enriched") as step:
        images = found(deployed, NOT_ENRICHED, scope.span, step)
        if scope.dry_run:
            repaired.ticks += sum(1 for _ in images)
        else:
            Enricher(deployed, repaired, Silent()).enrich(images)


def found(
    deployed: Deployed, condition: Condition, span: Span, step: Step
) -> Iterator[Image]:
    """Yield the ticks; the step shows how many rows have been read."""
    dynamodb = deployed.clients.dynamodb
    table = deployed.prices_table
    read = 0
    total = dynamodb.describe_table(TableName=table)["Table"].get("ItemCount", 0)
    for page in unfinished.find(dynamodb, table, condition, span):
        read += page.read
        step.update(read, max(read, total) if span.is_everything else read)
        yield from page.rows


class Silent:
    """Shows nothing: the step around it is shown."""

    def update(self, done: int, total: int) -> None:
        """Nothing."""
