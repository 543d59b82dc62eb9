"""Post batches to the webhook, several at a time, until each is accepted."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import httpx

from tidemark.feeds.transfer.buffer import Batch, Buffer
from tidemark.feeds.transfer.ledger import Ledger
from tidemark.feeds.transfer.outstanding import Outstanding, Posted
from tidemark.machine.errors import ToolError
from tidemark.replay.webhook import Webhook

AT_ONCE = 4
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.4, 10
TIMEOUT_S = 30
ATTEMPTS = 8  # after them, the body may be the cause
BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
BODY_REFUSED = frozenset((400, 413, 415, 422))


class Refused(ToolError):
    """The webhook refuses every request, whatever its body."""


@dataclass(slots=True)
class Sender:
    """Posts batches from the buffer; accepted ones become outstanding."""

    webhook: Webhook
    buffer: Buffer
    ledger: Ledger
    outstanding: Outstanding
    note: Callable[[str], None]
    started_ms: int = field(default_factory=lambda: _now_ms())
    in_flight: int = 0
    accepted: int = 0
    trouble: str = ""

    async def run(self) -> None:
        """Post until cancelled. Raises `Refused`."""
        async with (
            httpx.AsyncClient(
                timeout=TIMEOUT_S, trust_env=self.webhook.proxied
            ) as client,
            asyncio.TaskGroup() as group,
        ):
            for _ in range(AT_ONCE):
                group.create_task(self._work(client))

    @property
    def idle(self) -> bool:
        """Return True if no frame waits and no request is running."""
        return not self.buffer.size and not self.in_flight

    async def _work(self, client: httpx.AsyncClient) -> None:
        while True:
            pending = deque([await self.buffer.take()])
            self.in_flight += 1
            try:
                while pending:
                    answer, posted = await self._until_answered(pending[0], client)
                    self._settle(answer, posted, pending)
            finally:  # batches are left only after an interruption
                self.in_flight -= 1
                self.ledger.give_up(frame for left in pending for frame in left.frames)

    async def _until_answered(
        self, batch: Batch, client: httpx.AsyncClient
    ) -> tuple[httpx.Response, Posted]:
        posted = Posted(begun_ms=_now_ms())
        accepted_before = self.accepted
        for attempt in count():
            await asyncio.sleep(_pause(attempt))
            try:
                answer = await self._post(batch, client)
            except httpx.RequestError as error:
                if not isinstance(error, httpx.ConnectError):
                    posted = replace(posted, uncertain=True)
                self._trouble(f"does not answer ({error or type(error).__name__})")
                continue
            if answer.status_code not in BUSY:
                break
            if answer.status_code >= 500:
                posted = replace(posted, uncertain=True)
            self._trouble(_said(answer))
            if attempt >= ATTEMPTS and self.accepted >= accepted_before + AT_ONCE:
                break  # this body makes the webhook fail
        return answer, posted

    def _settle(
        self, answer: httpx.Response, posted: Posted, pending: deque[Batch]
    ) -> None:
        batch = pending[0]
        if answer.status_code == 202:
            self.accepted += 1
            self._trouble("")
            posted = replace(posted, request_id=_request_id(answer))
            self.outstanding.add(batch, posted, live_since_ms=self.started_ms)
        elif answer.status_code not in BUSY | BODY_REFUSED:
            raise Refused(f"The webhook {_said(answer)}")
        elif len(batch.frames) == 1:
            self.ledger.refuse(batch.frames, f"the webhook {_said(answer)}")
        else:  # one frame may be the reason
            pending.extend(batch.halves())
        pending.popleft()

    async def _post(self, batch: Batch, client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(
            f"{self.webhook.url}/{batch.source.path}",
            content=batch.body,
            headers={
                "x-api-key": self.webhook.api_key,
                "content-type": "application/json",
            },
        )

    def _trouble(self, said: str) -> None:
        if bool(said) != bool(self.trouble):
            self.note(f"The webhook {said}" if said else "The webhook is answering now")
        self.trouble = said


def _said(answer: httpx.Response) -> str:
    return f"answers {answer.status_code}: {answer.text:.200}"


def _request_id(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["request_id"])
    except (ValueError, KeyError, TypeError):
        return ""


def _pause(attempt: int) -> float:
    longest = FIRST_PAUSE_S * 2 ** (min(attempt, 20) - 1)
    return random.uniform(0, min(LONGEST_PAUSE_S, longest)) if attempt else 0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
