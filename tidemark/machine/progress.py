"""Progress of long steps, on standard error: results have standard output alone."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """A step under way."""

    def update(self, done: int, total: int) -> None:
        """So much of it is done."""


class Progress(Protocol):
    """Where steps are shown."""

    def step(self, text: str) -> AbstractContextManager[Step]:
        """Show a step from entering to leaving."""

    def note(self, text: str) -> None:
        """Say something that is worth a line of its own."""


class Plain:
    """Lines, for logs and pipes: one at each step's start, then one every 10 s."""

    every = 10.0

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """A line now, and later ones where it takes long."""
        self.note(f"{text} …")
        yield _Lines(self, text)

    def note(self, text: str) -> None:
        """A line."""
        print(text, file=sys.stderr, flush=True)


class Silent(Plain):
    """Nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


class _Lines:
    def __init__(self, progress: Plain, text: str) -> None:
        self._progress = progress
        self._text = text
        self._next = time.monotonic() + progress.every

    def update(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._progress.every
            self._progress.note(f"{self._text}: {done} of {total}")
