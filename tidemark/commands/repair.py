"""`make repair`: enrich and forward what an outage left behind, and publish its alerts.

It finds its work in three places: price-enricher-dlq, which names batches in the stream
and rows that were poison; stored ticks without averages; and alerts that are not marked
as notified. To run it twice, or to interrupt it, is harmless: what is repaired is not
found again.

Cost: see `tidemark/stored/unfinished.py` for finding the rows. Each repaired tick costs
what it cost in the first place, a read unit, and the hundredth part of an invocation.
"""

from typing import Annotated

import typer

from infra.settings import load_settings
from tidemark.commands.options import Symbol, now_ms
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine.progress import Progress
from tidemark.repairing import alerts, ticks
from tidemark.repairing.enricher_letters import EnricherLetters
from tidemark.repairing.outcome import Repaired, Scope, check_size
from tidemark.stored import spans
from tidemark.stored.unfinished import Span
from tidemark.terminal import console


def command(
    symbol: Symbol = "",
    since: Annotated[
        str, typer.Option(help="Event times from 1h ago, or a date, on.")
    ] = "1970-01-01",
    everything: Annotated[
        bool, typer.Option("--all", help="Scan tables of any size.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
) -> None:
    """Enrich, forward and publish what an outage left behind."""
    environment = Environment(load_settings())
    span = Span(symbol.upper(), spans.since(since, now_ms=now_ms()))
    scope = Scope(span, everything, dry_run)
    repaired = repair(Deployed.of(environment), scope, console.progress())
    typer.echo("\n".join(repaired.lines(dry_run=dry_run)))
    if not repaired.complete:
        raise typer.Exit(1)


def repair(deployed: Deployed, scope: Scope, progress: Progress) -> Repaired:
    """Repair what the scope covers, or with a dry run count it. The dead letters of
    price-enricher name no symbol and no time: all of them are repaired.
    """
    repaired = Repaired()
    check_size(deployed, scope)
    EnricherLetters(deployed, scope, repaired, progress).repair()
    ticks.repair(deployed, scope, repaired, progress)
    alerts.repair(deployed, scope, repaired, progress, now_ms=now_ms())
    return repaired
