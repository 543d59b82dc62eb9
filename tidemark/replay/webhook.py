"""Post trades to the webhook, several requests at a time, with retries."""

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import httpx

from tidemark.machine.errors import ToolError
from tidemark.replay.reading.ticks import Trade

LARGEST_BODY = 170 * 1024  # the webhook takes 180 KiB
AT_ONCE = 4
ATTEMPTS = 8
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.4, 10
BUSY = frozenset((429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Webhook:
    """The URL to post to, and the API key."""

    url: str
    api_key: str
    batch_size: int = 100
    proxied: bool = False


class ReplayError(ToolError):
    """The webhook refuses a request, or does not answer after all retries."""


def batches(trades: Iterable[Trade], *, size: int) -> Iterator[list[Trade]]:
    """Split trades into requests: of one venue each, and within the size limits."""
    batch: list[Trade] = []
    length = 0
    for trade in trades:
        full = len(batch) == size or length + len(trade.body) > LARGEST_BODY
        if batch and (full or trade.tick.exchange != batch[0].tick.exchange):
            yield batch
            batch, length = [], 0
        batch.append(trade)
        length += len(trade.body) + 1
    if batch:
        yield batch


def send(
    trades: Iterable[Trade], webhook: Webhook, *, sent: Callable[[int], None]
) -> frozenset[str]:
    """Post all trades and return the request ids; `sent` is called after each batch."""
    work = batches(trades, size=webhook.batch_size)
    try:
        return asyncio.run(_send(work, webhook, sent))
    except* ReplayError as refusals:
        refusal = refusals.exceptions[0]
    raise refusal


async def _send(
    work: Iterator[list[Trade]], webhook: Webhook, sent: Callable[[int], None]
) -> frozenset[str]:
    ids: set[str] = set()

    async def worker(client: httpx.AsyncClient) -> None:
        for batch in work:
            ids.add(await _post(batch, webhook, client))
            sent(len(batch))

    async with (
        httpx.AsyncClient(timeout=30, trust_env=webhook.proxied) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(AT_ONCE):
            group.create_task(worker(client))
    return frozenset(ids)


async def _post(batch: list[Trade], webhook: Webhook, client: httpx.AsyncClient) -> str:
    url = f"{webhook.url}/{batch[0].tick.exchange}"
    body = f"[{','.join(trade.body for trade in batch)}]"
    headers = {"x-api-key": webhook.api_key, "content-type": "application/json"}
    problem = ""
    for attempt in range(ATTEMPTS):
        await asyncio.sleep(_pause(attempt))
        try:
            answer = await client.post(url, content=body, headers=headers)
        except httpx.TransportError as error:
            problem = f"does not answer ({error or type(error).__name__})"
            continue
        if answer.status_code == 202:
            return str(answer.json()["request_id"])
        problem = f"answers {answer.status_code}: {answer.text:.200}"
        if answer.status_code not in BUSY:
            break
    raise ReplayError(f"The webhook {problem}")


def _pause(attempt: int) -> float:
    longest = FIRST_PAUSE_S * 2 ** (attempt - 1)
    return random.uniform(0, min(LONGEST_PAUSE_S, longest)) if attempt else 0
