"""Server-sent events: one stream for each open page, with all that it shows live.

`prices` has the candles of the page's symbol, `board` what all pages show alike,
`alerts` the symbol's alerts, `trouble` why something cannot be read (empty: it can be
again), and `beat` comes every two seconds, so that a page notices a lost connection.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import asdict
from typing import Any

from tidemark.dashboard.readers import Readers

BEAT_S = 2.0
MOST_WAITING = 100
END = "end"

type Event = tuple[str, Any]


async def events(readers: Readers, symbol: str, range_name: str) -> AsyncIterator[str]:
    """Yield the events of one page until it is closed."""
    queue: asyncio.Queue[Event] = asyncio.Queue(MOST_WAITING)
    pumps = [_beats(queue), _board(readers, queue), _closing(readers, queue)]
    if symbol:
        pumps.append(_prices(readers, queue, symbol, range_name))
    tasks = [asyncio.create_task(_until_failure(pump, queue)) for pump in pumps]
    with readers.watched():
        try:
            while True:
                name, data = await queue.get()
                if name == END:
                    return
                if isinstance(data, Exception):
                    raise data
                yield f"event: {name}\ndata: {json.dumps(data)}\n\n"
        finally:
            for task in tasks:
                task.cancel()


async def _until_failure(
    pump: Coroutine[Any, Any, None], queue: asyncio.Queue[Event]
) -> None:
    try:
        await pump
    except Exception as error:  # a fault of ours: it ends the stream, and is printed
        await queue.put(("failure", error))


async def _closing(readers: Readers, queue: asyncio.Queue[Event]) -> None:
    await readers.closing.wait()
    await queue.put((END, None))


async def _beats(queue: asyncio.Queue[Event]) -> None:
    while True:
        await queue.put(("beat", {"now_ms": time.time_ns() // 1_000_000}))
        await asyncio.sleep(BEAT_S)


async def _board(readers: Readers, queue: asyncio.Queue[Event]) -> None:
    shown = -1
    told = ""
    while True:
        if readers.trouble != told:
            told = readers.trouble
            await queue.put(("trouble", {"source": "board", "message": told}))
        if readers.version != shown:
            shown = readers.version
            await queue.put(("board", readers.board.as_json()))
        await asyncio.sleep(0.25)


async def _prices(
    readers: Readers, queue: asyncio.Queue[Event], symbol: str, range_name: str
) -> None:
    watch = readers.price_watch(symbol, range_name)
    alerts = readers.alert_watch(symbol)
    told = ""
    polls = 0
    while True:
        pause = readers.pace.prices_s
        try:
            update = await asyncio.to_thread(watch.poll)
            if update:
                await queue.put(("prices", {"symbol": symbol, **asdict(update)}))
            if polls % readers.pace.alerts_every == 0:
                marks = await asyncio.to_thread(alerts.poll)
                if marks is not None:
                    await queue.put(("alerts", {"symbol": symbol, "alerts": marks}))
            polls += 1
            trouble = ""
            pause = pause if watch.complete or not update else 0.05
        except readers.errors as error:
            trouble = readers.explain(error)
        if trouble != told:
            told = trouble
            await queue.put(("trouble", {"source": "prices", "message": told}))
        await asyncio.sleep(pause)
