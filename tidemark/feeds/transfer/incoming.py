"""Receive a venue's frames until it is silent for too long, or is to be left."""

import asyncio
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection

from tidemark.feeds.transfer.failures import Leaving, Silent

LEAVE_AFTER_S = 0.2  # without a frame


@dataclass(slots=True)
class Incoming:
    """The frames of one connection, in order."""

    socket: ClientConnection
    silent_after_s: float
    _leaving: str = ""
    _waiting: asyncio.Timeout | None = None

    def leave(self, why: str) -> None:
        """Raise `Leaving` once all frames that have arrived are received."""
        self._leaving = why
        if self._waiting is not None and not self._waiting.expired():
            now = asyncio.get_running_loop().time()
            self._waiting.reschedule(now + LEAVE_AFTER_S)

    async def receive(self) -> bytes:
        """Return the next frame. Raises one of `RECOVERABLE` after the last one."""
        wait_s = LEAVE_AFTER_S if self._leaving else self.silent_after_s
        try:
            async with asyncio.timeout(wait_s) as self._waiting:
                return await self.socket.recv(decode=False)
        except TimeoutError as error:
            if self._leaving:
                raise Leaving(self._leaving) from error
            raise Silent(f"silent for {self.silent_after_s:g} s") from error
        finally:
            self._waiting = None
