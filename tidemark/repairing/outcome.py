"""What a repair covers, and what it has found and done."""

from dataclasses import dataclass, field

from services.market.counts import counted
from tidemark.dead_letters.deployed import Deployed
from tidemark.machine.errors import ToolError
from tidemark.stored.unfinished import Span

LARGEST_SCAN = 512 * 1024**2  # bytes of a table that is read as a whole unasked


@dataclass(frozen=True, slots=True)
class Scope:
    """Which ticks and alerts; `everything` allows to scan tables of any size."""

    span: Span = field(default_factory=Span)
    everything: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Repaired:
    """What was found and repaired; with a dry run, what would be."""

    ticks: int = 0
    failed: int = 0
    poison: int = 0
    alerts: int = 0
    silent: int = 0
    batches: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Return True if nothing that was found is left."""
        return not (self.failed or self.poison or self.silent)

    def lines(self, *, dry_run: bool) -> list[str]:
        """For people."""
        verb = "To repair" if dry_run else "Repaired"
        lines = [
            f"{verb}: {counted(self.ticks, 'tick')}, {counted(self.alerts, 'alert')}, "
            f"{counted(self.batches, 'failed batch', 'failed batches')}.",
            *self.notes,
        ]
        if self.failed:
            lines.append(
                f"Not enriched: {counted(self.failed, 'tick')}, refused at each "
                "attempt. price-enricher's log says why (`make logs`); the same "
                "command tries again."
            )
        if self.poison:
            lines.append(
                f"Not enriched: {counted(self.poison, 'tick')}, which price-enricher "
                "put into price-enricher-dlq. `make dlq` says why."
            )
        if self.silent:
            lines.append(
                f"Not published: {counted(self.silent, 'alert')}. The mark may have "
                "been changed since, or data-processor is failing (`make logs`)."
            )
        return lines


def check_size(deployed: Deployed, scope: Scope) -> None:
    """Raise `ToolError` if a large table would be scanned without being asked for."""
    if scope.everything or not scope.span.is_everything:
        return
    name = deployed.prices_table
    size = deployed.clients.dynamodb.describe_table(TableName=name)["Table"].get(
        "TableSizeBytes", 0
    )
    if size > LARGEST_SCAN:
        raise ToolError(
            f"{name} holds {size / 1024**3:.1f} GiB, and finding its unfinished ticks "
            f"would read all of it ({size / 8192:,.0f} read units). Say since when "
            "(SINCE=2h, of event time), name a symbol (SYMBOL=BTC-USD), or add ALL=1."
        )
