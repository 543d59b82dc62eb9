"""What a channel's server answered, and what follows from it."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any

from services.market.visible import visible

LONGEST_WORDS = 200
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
# Statuses below 500 after which the same request may succeed.
PASSING = frozenset((408, 425, 429))


class Outcome(Enum):
    DELIVERED = auto()
    RETRY = auto()
    GIVEN_UP = auto()


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an attempt and its reason. A retry waits `wait_s` at least.

    It was not `attempted` if the channel had to be left alone.
    """

    outcome: Outcome
    reason: str = ""
    wait_s: int = 0
    attempted: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have names in lower case; `body` is the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: str


def judge(
    answer: Answer, *, now_ms: int, words: str | None = None, wait_s: Any = None
) -> Result:
    """Judge by the status. A service that says more passes the `words` of its refusal
    and the seconds after which it wants to be asked again.
    """
    said = answer.body if words is None else words
    reason = f"it answered {answer.status}" + (f": {said}" if said else "")
    if 200 <= answer.status < 300:
        return Result(Outcome.DELIVERED, reason)
    if 300 <= answer.status < 400:
        return Result(Outcome.GIVEN_UP, f"{reason} (redirects are not followed)")
    if answer.status in PASSING or answer.status >= 500:
        waits = (_seconds(wait_s), _retry_after(answer, now_ms))
        return Result(Outcome.RETRY, reason, max(waits))
    return Result(Outcome.GIVEN_UP, reason)


def told(reason: str, secrets: Iterable[str]) -> str:
    """The reason as one short line, without any of the secrets, even if the other side
    repeats them.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        reason = reason.replace(secret, "…")
    line = visible(" ".join(reason.split()))
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def _retry_after(answer: Answer, now_ms: int) -> int:
    """Seconds, or the time until a date."""
    given = answer.headers.get("retry-after", "").strip()
    if seconds := _seconds(given):
        return seconds
    try:
        until_s = parsedate_to_datetime(given).timestamp()
    except (ValueError, OverflowError):
        return 0
    return max(0, math.ceil(until_s - now_ms / 1000))


def _seconds(given: Any) -> int:
    text = str(given)
    if not _SECONDS.fullmatch(text):
        return 0
    whole, _, fraction = text.partition(".")
    return int(whole) + bool(fraction.strip("0"))
