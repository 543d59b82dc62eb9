"""`make feed`: live trades of venues' public WebSockets into the webhook."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import load_settings
from services.aws import items
from services.aws.items import Key
from services.market.errors import Unavailable
from tidemark.environment import Environment
from tidemark.feeds import registry, report
from tidemark.feeds.outstanding import Find, Row
from tidemark.feeds.run import Run
from tidemark.machine.errors import ToolError
from tidemark.replay.webhook import Webhook
from tidemark.terminal import console, live
from tidemark.terminal.live import View

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "FEED_URL_"
REFRESH_S = 0.5


def command(
    venue: Annotated[str, typer.Argument(help="Such as kraken, or kraken,bybit.")],
    symbol: Annotated[
        str, typer.Argument(help="Such as BTC-USD,ETH-USD, or kraken:BTC-USD.")
    ],
    seconds: Annotated[
        float | None, typer.Option(min=0, help="Stop by itself. [default: Ctrl-C]")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="The address to use for the (only) venue.")
    ] = None,
) -> None:
    """Post live trades of venues to the webhook until Ctrl-C; say what became of them.

    FEED_URL_KRAKEN=wss://… is another address of a venue, such as a proxy's.
    """
    venues = _listed(venue)
    if not venues:
        raise ToolError("Name a venue, such as kraken.")
    lines = registry.lines(venues, _listed(symbol), urls(venues, url, os.environ))
    environment = Environment(load_settings())
    outputs = environment.outputs()
    view = live.view()
    webhook = Webhook(
        outputs["webhook_url"],
        outputs["webhook_api_key"],
        proxied=environment.settings.target == "aws",
    )
    table = environment.clients.dynamodb, outputs["prices_table_name"]
    feed = Run(lines, webhook, finder(*table, view.note), view.note)
    with view.shown():
        asyncio.run(_run(feed, view, seconds))
    console.out.print(report.report(feed))
    if lost := report.lost(feed):
        raise ToolError(lost)


def urls(
    venues: Sequence[str], url: str | None, environment: Mapping[str, str]
) -> dict[str, str]:
    """The addresses that replace venues' own. Raises `ToolError`."""
    named = {venue: environment.get(f"{URL}{venue.upper()}", "") for venue in venues}
    given = {venue: address for venue, address in named.items() if address}
    if url is None:
        return given
    if len(venues) != 1:
        raise ToolError(
            f"--url is for one venue; set {URL}{venues[0].upper()} and so on."
        )
    return {venues[0]: url}


def finder(dynamodb: "DynamoDBClient", table: str, note: Callable[[str], None]) -> Find:
    """Look for rows by their keys; where the table cannot be read, find none now."""
    trouble = ""

    async def find(keys: list[Key]) -> list[Row]:
        nonlocal trouble
        asked = [items.item_key(key) for key in keys]
        try:
            rows = await asyncio.to_thread(items.get_items, dynamodb, table, asked)
        except (BotoCoreError, ClientError, Unavailable) as error:
            if str(error) != trouble:
                note(f"The table {table} cannot be read: {error}")
            trouble = str(error)
            return []
        trouble = ""
        return rows

    return find


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


def _listed(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    return list(dict.fromkeys(name for name in names if name))
