"""The one event loop, in a thread of its own, on which all environments live."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, name="functions", daemon=True).start()


def run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it there and wait for its result. For any thread but the loop's own."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop).result()
