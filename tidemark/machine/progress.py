"""Progress of long steps, on standard error: standard output is for results."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """A step that is running."""

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` parts are finished."""


class Progress(Protocol):
    """The display of steps."""

    def step(self, text: str) -> AbstractContextManager[Step]:
        """Show a step while the block runs."""

    def note(self, text: str) -> None:
        """Print a line."""


class Plain:
    """Lines for logs and pipes: one when a step starts, then one every 10 s."""

    every = 10.0

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Print a line now, and further ones if the step takes long."""
        self.note(f"{text} …")
        yield _Lines(self, text)

    def note(self, text: str) -> None:
        """Print a line."""
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
