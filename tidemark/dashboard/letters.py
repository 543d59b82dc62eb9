"""The dead letters, grouped by queue, kind and reason, with the commands for them.

They are read when somebody asks. Reading consumes nothing, but hides the entries from
other readers meanwhile.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from tidemark.dead_letters.actions import queues
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import Entry

READ_PER_QUEUE = 300
SHOWN_PER_GROUP = 20
LONGEST_BODY = 4000
SPECIAL = re.compile(r'["$`\\!]')  # inside double quotes


@dataclass(frozen=True, slots=True)
class Group:
    """Entries alike: the number of messages that they are in, and of bad elements in
    them. `whole` is False if the queue has more than were read.
    """

    queue: str
    kind: str
    reason: str
    messages: int
    count: int
    oldest: str
    newest: str
    look: str
    send: str
    whole: bool
    entries: list[dict[str, Any]]


def read(deployed: Deployed) -> list[Group]:
    """Read up to `READ_PER_QUEUE` entries of each queue."""
    groups = []
    for queue in queues(deployed):
        if not queue.count():
            continue
        with queue.reading() as reading:
            read = [*islice(reading.entries(), READ_PER_QUEUE + 1)]
        entries = [replace(each, messages=reading.messages(each)) for each in read]
        whole = len(entries) <= READ_PER_QUEUE
        groups += grouped(entries[:READ_PER_QUEUE], whole=whole)
    return groups


def grouped(entries: Iterable[Entry], *, whole: bool = True) -> list[Group]:
    """The entries by queue, kind and reason; the newest of each first."""
    found: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        key = (entry.queue, entry.kind, entry.reason)
        found.setdefault(key, []).append(entry)
    return [_group(key, each, whole=whole) for key, each in sorted(found.items())]


def _group(key: tuple[str, str, str], entries: list[Entry], *, whole: bool) -> Group:
    queue, kind, reason = key
    entries.sort(key=lambda entry: entry.sent_ms, reverse=True)
    look = command(queue, kind, reason)
    return Group(
        queue,
        kind,
        reason,
        sum(entry.messages for entry in entries),
        sum(entry.count for entry in entries),
        entries[-1].sent_at,
        entries[0].sent_at,
        look,
        look and f"{look} SEND=1",
        whole,
        [_shown(entry) for entry in entries[:SHOWN_PER_GROUP]],
    )


def command(queue: str, kind: str, reason: str) -> str:
    """The command that shows these entries; empty if their reason is no plain text,
    since it may quote what a sender wrote.
    """
    if not (reason.isascii() and reason.isprintable()):
        return ""
    words = ["make", "dlq", f"QUEUE={queue}", f"KIND={kind}"]
    return " ".join([*map(shlex.quote, words), f"REASON={quoted(reason)}"])


def quoted(text: str) -> str:
    """A word of the shell, in double quotes where that is easier to read."""
    if "'" in text and not SPECIAL.search(text):
        return f'"{text}"'
    return shlex.quote(text)


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "symbol": entry.symbol,
        "sent_at": entry.sent_at,
        "cannot_return": entry.cannot_return,
        "body": entry.body[:LONGEST_BODY],
        "cut": len(entry.body) > LONGEST_BODY,
        "whole": shlex.join(["make", "dlq", f"ID={entry.id}"]),
    }
