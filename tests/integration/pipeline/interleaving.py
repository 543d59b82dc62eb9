"""Functions in threads, of which one runs at a time, from call to call of AWS.

Which of them goes on after each call is given, so that a failure can be repeated, and
before which of its calls one of them dies.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "before-call.dynamodb"
LONGEST_S = 60


class Killed(BaseException):
    """The process of a worker was killed."""


@dataclass
class Worker:
    """One thread. It runs while its turn is set, until it calls AWS or ends; it dies
    before the call of the number `dies_at`.
    """

    work: Callable[[], None]
    dies_at: int | None = None
    calls: int = 0
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
        self.calls += 1
        if self.calls == self.dies_at:
            raise Killed

    def go_on(self) -> None:
        self.turn.release()
        assert self.paused.acquire(timeout=LONGEST_S)


_threads: dict[threading.Thread, Worker] = {}


def step(**_: Any) -> None:
    """Let another worker go on before the call that this one is about to make."""
    if worker := _threads.get(threading.current_thread()):
        worker.pause()


def interleaved(
    dynamodb: DynamoDBClient,
    order: Sequence[int],
    *works: Callable[[], None],
    deaths: Mapping[int, int] | None = None,
    after: Callable[[int], None] = lambda number: None,
) -> None:
    """Run the works until all have ended; `order` says which goes on at each step, and
    when it is used up, the first that has not ended does. `deaths` has the call before
    which a worker dies, by its number. `after` is called after each step.
    """
    dying = deaths or {}
    workers = [Worker(work, dying.get(number)) for number, work in enumerate(works)]
    threads = {
        threading.Thread(target=worker.run, daemon=True): worker for worker in workers
    }
    _threads.update(threads)
    dynamodb.meta.events.register(EVENT, step)
    try:
        for thread in threads:
            thread.start()
        for number in order:
            if not workers[number].done:
                workers[number].go_on()
                after(number)
        for number, worker in enumerate(workers):
            while not worker.done:
                worker.go_on()
                after(number)
    finally:
        _threads.clear()
        dynamodb.meta.events.unregister(EVENT, step)
    for worker in workers:
        if worker.error and not isinstance(worker.error, Killed):
            raise worker.error
