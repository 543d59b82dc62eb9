"""Run a feed and show its rows while it runs, then its report."""

import asyncio

from tidemark.feeds.transfer import report
from tidemark.feeds.transfer.run import Run
from tidemark.terminal import console
from tidemark.terminal.live import View

REFRESH_S = 0.5


def run(feed: Run, view: View, *, seconds: float | None = None) -> None:
    """Run a feed to its end and print what became of its trades."""
    with view.shown():
        asyncio.run(_run(feed, view, seconds))
    console.print_table(report.report(feed))


async def _run(feed: Run, view: View, seconds: float | None) -> None:
    showing = asyncio.create_task(_show(feed, view))
    try:
        await feed.run(seconds=seconds)
    finally:
        showing.cancel()
    view.update(report.COLUMNS, report.rows(feed))


async def _show(feed: Run, view: View) -> None:
    news = report.News(feed)
    while True:
        view.update(report.COLUMNS, report.rows(feed))
        for line in news.lines():
            view.note(line)
        await asyncio.sleep(REFRESH_S)
