"""Two functions in two threads, of which one runs at a time, from call to call of AWS.

Which of them goes on after each call is given, so that a failure can be repeated.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "before-call.dynamodb"
LONGEST_S = 60


@dataclass
class Worker:
    """One thread. It runs while its turn is set, until it calls AWS or ends."""

    work: Callable[[], None]
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    paused: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: bool = False
    error: BaseException | None = None

    def run(self) -> None:
        assert self.turn.acquire(timeout=LONGEST_S)
        try:
            self.work()
        except BaseException as error:
            self.error = error
        finally:
            self.done = True
            self.paused.release()

    def pause(self) -> None:
        self.paused.release()
        assert self.turn.acquire(timeout=LONGEST_S)

    def go_on(self) -> None:
        self.turn.release()
        assert self.paused.acquire(timeout=LONGEST_S)


def interleaved(
    dynamodb: DynamoDBClient, order: Sequence[int], *works: Callable[[], None]
) -> None:
    """Run the works until all have ended; `order` says which goes on at each step, and
    when it is used up, the first that has not ended does.
    """
    workers = [Worker(work) for work in works]
    threads = {
        threading.Thread(target=worker.run, daemon=True): worker for worker in workers
    }

    def step(**_: Any) -> None:
        if worker := threads.get(threading.current_thread()):
            worker.pause()

    dynamodb.meta.events.register(EVENT, step)
    try:
        for thread in threads:
            thread.start()
        for number in order:
            if not workers[number].done:
                workers[number].go_on()
        for worker in workers:
            while not worker.done:
                worker.go_on()
    finally:
        dynamodb.meta.events.unregister(EVENT, step)
    for worker in workers:
        if worker.error:
            raise worker.error
