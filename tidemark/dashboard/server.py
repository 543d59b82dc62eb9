"""The dashboard's web server: read-only, on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tidemark.dashboard import answers, live
from tidemark.dashboard.protection import Protected
from tidemark.dashboard.ranges import RANGES
from tidemark.dashboard.readers import Readers

PAGE = Path(__file__).with_name("page")


def application(readers: Readers, *, port: int, library: Path) -> Starlette:
    """The application. `library` is the folder of the chart library."""

    @asynccontextmanager
    async def reading(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(readers.keep_reading())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def page(request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def stream(request: Request) -> Response:
        symbol = request.query_params.get("symbol", "")
        range_name = request.query_params.get("range", "1h")
        if len(symbol) > answers.LONGEST_SYMBOL or range_name not in RANGES:
            return PlainTextResponse("There is no such symbol or range.\n", 400)
        events = live.events(readers, symbol, range_name)
        return StreamingResponse(events, media_type="text/event-stream")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/live", stream),
            *answers.routes(readers),
            Mount("/page", StaticFiles(directory=PAGE)),
            Mount("/library", StaticFiles(directory=library)),
        ],
        middleware=[Middleware(Protected, port=port)],
        lifespan=reading,
    )
