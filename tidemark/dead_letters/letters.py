"""The messages of a dead-letter queue, joined to entries.

A rejection has an id of its own: its parts are joined, and a copy of it is not counted
again. Any other message is an entry by itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it was received; `content` is its body as JSON, or None."""

    message_id: str
    body: str
    content: Any
    attributes: Mapping[str, str]
    sent_ms: int

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> "Letter":
        """Read a message of SQS, whatever its body is."""
        return cls(
            message_id=message["MessageId"],
            body=message["Body"],
            content=parse(message["Body"]),
            attributes=_texts(message.get("MessageAttributes", {})),
            sent_ms=int(message["Attributes"]["SentTimestamp"]),
        )

    @property
    def entry_id(self) -> str:
        """The rejection's id, which its parts and copies share, or the message's."""
        given = field_of(self.content, "rejection_id")
        return given if isinstance(given, str) and given else self.message_id

    @property
    def part(self) -> int:
        """The number of this part, from 1."""
        return _number(self.content, "part")

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return _number(self.content, "parts")


@dataclass(slots=True)
class Parts:
    """The parts of one entry that have been received so far."""

    letters: dict[int, Letter] = field(default_factory=dict)
    message_ids: set[str] = field(default_factory=set)

    def add(self, letter: Letter) -> bool:
        """Add a message; return True if it is not a copy and makes the entry whole."""
        self.message_ids.add(letter.message_id)
        if letter.part in self.letters:
            return False
        self.letters[letter.part] = letter
        return not self.missing

    @property
    def missing(self) -> int:
        """The number of parts that have not been received."""
        return max(0, self.first.parts - len(self.letters))

    @property
    def first(self) -> Letter:
        """The part with the lowest number."""
        return self.letters[min(self.letters)]

    def joined(self) -> Letter:
        """The entry as one message, its payload joined from the parts."""
        first = self.first
        if len(self.letters) == 1:
            return first
        ordered = [self.letters[number] for number in sorted(self.letters)]
        payload = "".join(str(field_of(each.content, "payload")) for each in ordered)
        return Letter(
            first.message_id,
            first.body,
            {**first.content, "payload": payload},
            first.attributes,
            min(each.sent_ms for each in ordered),
        )


def parse(text: str) -> Any:
    """The text as JSON, or None where it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def field_of(content: Any, name: str) -> Any:
    """A field of an object; None for anything else."""
    return content.get(name) if isinstance(content, dict) else None


def _number(content: Any, name: str) -> int:
    value = field_of(content, name)
    return value if type(value) is int and value > 0 else 1


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value["StringValue"]
        for name, value in attributes.items()
        if "StringValue" in value
    }
