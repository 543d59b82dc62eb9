"""What the page asks for when somebody clicks: JSON, read at that moment."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tidemark.dashboard import letters, prometheus, rules
from tidemark.dashboard.readers import Readers

LONGEST_SYMBOL = 64
FIRST_READING_S = 15


def routes(readers: Readers) -> list[Route]:
    """The routes of these answers."""

    async def hop(request: Request) -> Response:
        read = readers.hop_items.at
        return await _answer(readers, read, request.path_params["hop"])

    async def ticks_around(request: Request) -> Response:
        symbol, time = (request.query_params.get(n, "") for n in ("symbol", "time_ms"))
        if not 0 < len(symbol) <= LONGEST_SYMBOL or not is_time(time):
            return PlainTextResponse("A symbol and a time are needed.\n", 400)
        return await _answer(readers, readers.ticks_around, symbol, int(time))

    async def dead_letters(request: Request) -> Response:
        return await _answer(readers, letters.read, readers.deployed)

    async def alert_rules(request: Request) -> Response:
        return await _answer(readers, rules.read, readers.environment)

    async def trace(request: Request) -> Response:
        request_id, symbol = (
            request.query_params.get(name, "") for name in ("request_id", "symbol")
        )
        if len(symbol) > LONGEST_SYMBOL or not (symbol or is_id(request_id)):
            return PlainTextResponse("A request id or a symbol is needed.\n", 400)
        return await _answer(readers, readers.follow, request_id, symbol)

    async def costs(request: Request) -> Response:
        with readers.watched():
            await readers.first_reading(FIRST_READING_S)
            return await _answer(readers, readers.cost)

    async def metrics(request: Request) -> Response:
        readers.watch_a_while()
        await readers.first_reading(FIRST_READING_S)
        text = prometheus.text(readers.board)
        return Response(text, headers={"content-type": prometheus.CONTENT_TYPE})

    return [
        Route("/hops/{hop}", hop),
        Route("/ticks", ticks_around),
        Route("/letters", dead_letters),
        Route("/rules", alert_rules),
        Route("/trace", trace),
        Route("/cost", costs),
        Route("/metrics", metrics),
    ]


def is_id(text: str) -> bool:
    """Return True for the form of a request id."""
    return re.fullmatch(r"[0-9a-zA-Z-]{1,64}", text, re.ASCII) is not None


def is_time(text: str) -> bool:
    """Return True for milliseconds since 1970, up to 2286."""
    return text.isascii() and text.isdecimal() and len(text) <= 13


async def _answer(readers: Readers, read: Callable[..., Any], *given: Any) -> Response:
    try:
        found = await asyncio.to_thread(read, *given)
    except readers.errors as error:
        return PlainTextResponse(f"{readers.explain(error)}\n", 502)
    if found is None:
        return PlainTextResponse("There is nothing of that name.\n", 404)
    return JSONResponse(_plain(found))


def _plain(found: Any) -> Any:
    if isinstance(found, list):
        return [_plain(each) for each in found]
    return found if isinstance(found, dict) else asdict(found)
