"""The event loop of all execution environments, in a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, name="functions", daemon=True).start()


def run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it on the loop and return its result. Call it from any other thread."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result()
