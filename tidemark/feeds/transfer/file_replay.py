"""Replay files: send their ticks, wait for the rows, report what became of each."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rich.console import Group, RenderableType
from rich.text import Text

from services.market.counts import counted
from services.market.tick import Tick
from services.rules.rule import Rule
from tidemark.feeds.transfer import file_sample
from tidemark.feeds.transfer import report as feeds_report
from tidemark.feeds.transfer.file_player import FilePlayer
from tidemark.feeds.transfer.file_sample import Sample, Tables
from tidemark.feeds.transfer.outstanding import Find
from tidemark.feeds.transfer.run import Run
from tidemark.machine.progress import Progress
from tidemark.replay import first_pass
from tidemark.replay.first_pass import SHOWN_PROBLEMS, FirstPass
from tidemark.replay.report import marks
from tidemark.replay.webhook import Webhook
from tidemark.terminal import chart, row_tables
from tidemark.terminal.visible import visible


@dataclass(frozen=True, slots=True)
class Files:
    """Files to send, as the settings say, and what their first pass found."""

    names: Sequence[str]
    settings: Mapping[str, str]
    found: FirstPass


@dataclass(frozen=True, slots=True)
class Sent:
    """Files whose ticks have been sent, and a sample of them."""

    files: Files
    feed: Run
    sample: Sample

    @property
    def unsent(self) -> int:
        """The number of ticks that were not sent since the replay was stopped."""
        return self.files.found.ticks - self.feed.ledger.total.received


def send(files: Files, webhook: Webhook, find: Find, progress: Progress) -> Sent:
    """Send the ticks of files and wait until their rows have been seen."""
    feed = Run(lines=(), webhook=webhook, find=find, note=progress.note)
    found = files.found
    sample = Sample(found.busiest, found.counts[found.busiest])
    reading = first_pass.begun(files.names, files.settings)
    with progress.step(f"Sending {', '.join(files.names)}, KiB") as step:

        def played(ticks: list[Tick]) -> None:
            sample.add(ticks)
            first_pass.show(reading, step)

        feed.player = FilePlayer(reading, feed, played).play
        asyncio.run(feed.run())
    return Sent(files, feed, sample)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of files: `text` to print, and a line for all that is missing."""

    text: RenderableType
    missing: tuple[str, ...]


def report(
    sent: Sent, tables: Tables, rules: Sequence[Rule], progress: Progress, *, width: int
) -> Report:
    """Wait for a sample to be enriched and judged, and report. `rules` judge its
    symbol.
    """
    prices = tables.enriched(sent.sample, progress)
    are_judged = tables.are_judged(prices, rules)
    has_alerts = tables.has_alerts(sent.sample, prices, rules)
    found = sent.files.found
    parts: list[RenderableType] = [Text("\n".join(read_lines(found))), ""]
    parts.append(feeds_report.report(sent.feed))
    if alerts := tables.last_alerts(found.spans):
        parts += ["", "The last alerts:", "", row_tables.alerts(alerts)]
    if prices:
        draw = partial(chart.draw, sent.sample.symbol, file_sample.points(prices))
        drawn = draw(marks=marks(rules), width=min(width, 120))
        parts += ["", Text(drawn.rstrip(), no_wrap=True)]
    lost = missing(sent)
    if unenriched := len(sent.sample.keys) - len(prices):
        ticks = counted(unenriched, "tick of a sample is", "ticks of a sample are")
        lost.append(f"{ticks} not enriched.")
    if not are_judged:
        lost.append("Ticks are not judged by rules that fire once.")
    if not has_alerts:
        lost.append("Alerts are missing.")
    return Report(Group(*parts), tuple(lost))


def read_lines(found: FirstPass) -> list[str]:
    """What the first pass found, line by line."""
    lines = [line for summary in found.summaries for line in summary.text()]
    if found.late:
        one = "tick is older than one above it"
        late = counted(found.late, one, "ticks are older than one above them")
        lines.append(
            f"  {late}: the table is the same, but each also corrects the rows after "
            "it, which takes longer"
        )
    return [visible(line) for line in lines]


def problem_lines(found: FirstPass, command: str) -> list[str]:
    """The first lines that are no ticks, and how to see the others."""
    lines = [visible(f"Left out: {problem}") for problem in found.problems]
    if (more := found.unread - SHOWN_PROBLEMS) > 0:
        lines.append(
            f"… and {counted(more, 'more line')}: `{command} read` names them all."
        )
    return lines


def missing(sent: Sent) -> list[str]:
    """A line for each kind of thing that is lost or was not sent."""
    lines = []
    if sent.files.found.unread:
        unread = sent.files.found.unread
        lines.append(f"{counted(unread, 'line is no tick', 'lines are no ticks')}.")
    if sent.unsent:
        unsent = counted(sent.unsent, "tick was", "ticks were")
        them = "it" if sent.unsent == 1 else "them"
        lines.append(f"{unsent} not sent: run it again to send {them}.")
    if lost := feeds_report.lost(sent.feed):
        lines.append(lost)
    return lines
