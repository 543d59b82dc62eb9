"""What each stage of the two environments' life has left, for tests to read."""

from dataclasses import dataclass

from tests.moto.environment import Change

type Digests = dict[str, str]


@dataclass(frozen=True, slots=True)
class Recovered:
    """An environment of which every change was refused once, deployed in the end."""

    refused: list[str]
    """Each operation that was refused, as `service.Operation`."""
    said: list[str]
    """The output of each deployment that failed."""
    plan: list[Change]
    queues: list[str]
    topics: list[str]
    said_by_destroy: str


@dataclass(frozen=True, slots=True)
class Killed:
    """An environment whose deployment was killed several times, deployed in the end."""

    said: list[str]
    """What each deployment printed, the last of which was not killed."""
    plan: list[Change]
    said_by_destroy: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What is planned after a change of the sources."""

    code: list[Change]
    api: list[Change]


@dataclass(frozen=True, slots=True)
class Refused:
    """A deployment of new code that failed half-way."""

    calls: list[str]
    said: str
    before: dict[str, str]
    after: dict[str, str]
    """The digests of the functions' code, by their names."""


@dataclass(frozen=True, slots=True)
class Alone:
    """`blue`, deployed once more while `green` was destroyed."""

    code: dict[str, str]
    plan: list[Change]
    said_by_destroy: str
    there: list[str]


@dataclass(frozen=True, slots=True)
class Imported:
    """`blue`'s new API, refused once and deployed again."""

    calls: list[str]
    said: str
    before: str
    refused: str
    repaired: str
    """What the API answers with: before it all, after the refusal, in the end."""
    plan: list[Change]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Nothing, and what `destroy` says of it."""

    said: str
    said_again: str
    there: list[str]
