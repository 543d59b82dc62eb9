"""Functions in threads, of which one runs at a time, from call to call of AWS.

Which of them goes on after each call is given, so that a failure can be repeated, and
before which of its calls one of them dies. Calls that a function would make in threads
of its own are made in its thread, one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "before-call.dynamodb"
LONGEST_S = 60  # of one step


class Killed(BaseException):
    """The process of a worker was killed."""


class Inline:
    """A pool without threads, so that each call is a step of its worker."""

    def __init__(self, size: int) -> None:
        self.map = map

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *error: object) -> None:
        pass


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
    killed: bool = False
    done: bool = False
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self._wait_for_turn()
            self.work()
        except BaseException as error:
            self.error = error
        finally:
            self.done = True
            self.paused.release()

    def pause(self) -> None:
        self.paused.release()
        self._wait_for_turn()
        self.calls += 1
        if self.calls == self.dies_at:
            raise Killed

    def _wait_for_turn(self) -> None:
        # Without a limit: how long it takes depends on the others, and on the machine.
        if not self.killed:
            self.turn.acquire()
        if self.killed:
            raise Killed

    def go_on(self) -> None:
        self.turn.release()
        assert self.paused.acquire(timeout=LONGEST_S), "a call of AWS does not end"

    def kill(self) -> None:
        self.killed = True
        self.turn.release()


_threads: dict[threading.Thread, Worker] = {}
_others: set[threading.Thread] = set()


def step(**_: Any) -> None:
    """Let another worker go on before the call that this one is about to make."""
    thread = threading.current_thread()
    if worker := _threads.get(thread):
        worker.pause()
    elif thread is not threading.main_thread():
        _others.add(thread)


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
    pool = pytest.MonkeyPatch()
    pool.setattr("services.aws.concurrency.ThreadPoolExecutor", Inline)
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
        for thread, worker in threads.items():
            worker.kill()
            thread.join(LONGEST_S)
        _threads.clear()
        dynamodb.meta.events.unregister(EVENT, step)
        pool.undo()
    assert not _others, "a call was made in a thread that does not wait for its turn"
    for worker in workers:
        if worker.error and not isinstance(worker.error, Killed):
            raise worker.error
