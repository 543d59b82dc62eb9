"""What a drill waits for: each thing, whether it has arrived, and after how long."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tidemark.machine import waiting


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that arrived after so many seconds, or did not: `seconds` is None.
    What is `given_up` never will.
    """

    what: str
    where: str
    seconds: float | None = None
    problem: str = ""
    given_up: bool = False

    @property
    def is_there(self) -> bool:
        return self.seconds is not None


type Look = Callable[[], Sequence[Arrival]]


def wait(
    look: Look, *, timeout: float, update: Callable[[int, int], None]
) -> list[Arrival]:
    """Look until everything has arrived or is given up, or there is no more time."""
    found: list[Arrival] = []

    def everything() -> bool:
        nonlocal found
        found = [*look()]
        update(_there(found), len(found))
        return all(arrival.is_there or arrival.given_up for arrival in found)

    waiting.until(everything, timeout=timeout, interval=1)
    return found


def _there(arrivals: Iterable[Arrival]) -> int:
    return sum(arrival.is_there for arrival in arrivals)
