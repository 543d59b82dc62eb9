"""`make feed`: live trades of venues' public WebSockets into the webhook."""

import os
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from infra.settings import load_settings
from tidemark.environment import Environment
from tidemark.feeds import registry
from tidemark.feeds.transfer import report, shown
from tidemark.feeds.transfer.run import Run
from tidemark.feeds.transfer.table import finder
from tidemark.machine.errors import ToolError
from tidemark.replay.webhook import Webhook
from tidemark.terminal import live

URL = "FEED_URL_"


def command(
    venue: Annotated[str, typer.Argument(help="Such as kraken, or kraken,bybit.")],
    symbol: Annotated[
        str, typer.Argument(help="Such as BTC-USD,ETH-USD, or kraken:BTC-USD.")
    ],
    seconds: Annotated[
        float | None, typer.Option(min=0, help="Stop after so many.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="The address to use for the (only) venue.")
    ] = None,
) -> None:
    """Post live trades of venues to the webhook until Ctrl-C; say what became of them.

    FEED_URL_KRAKEN=wss://… is another address of a venue, such as a proxy's.
    """
    venues, symbols = _listed(venue), _listed(symbol)
    if not venues or not symbols:
        raise ToolError(
            "Name a venue and a symbol: `make feed VENUE=kraken SYMBOL=BTC-USD`."
        )
    lines = registry.lines(venues, symbols, urls(venues, url, os.environ))
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
    shown.run(feed, view, seconds=seconds)
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


def _listed(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    return list(dict.fromkeys(name for name in names if name))
