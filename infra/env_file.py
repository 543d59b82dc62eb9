"""Read the settings from the file `.env`, by the same rules as the scripts in `bin/`.

A line is `NAME=value`, with or without `export`. A value may be in quotes. A backslash
escapes a quote or a backslash inside quotes, and ` #` outside quotes begins a comment.
Variables are not replaced: `$HOME` is five characters.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

# python-dotenv would take the comment for the value.
COMMENT_AS_VALUE = re.compile(r"(?m)^([^=#\r\n]*=)[ \t]+#.*$")


@dataclass(frozen=True, slots=True)
class EnvFile:
    """Each name with its value, without the empty ones, and the numbers of the lines
    that are neither NAME=value nor a comment.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    unreadable_lines: tuple[int, ...] = ()


def read(path: Path) -> EnvFile:
    """Read a file; one that does not exist is empty."""
    lines = list(_parsed(path))
    values = {each.key: each.value for each in lines if each.key}
    return EnvFile(
        {name: value for name, value in values.items() if value},
        tuple(each.original.line for each in lines if each.error),
    )


def _parsed(path: Path) -> Iterator[Binding]:
    if not path.is_file():
        return iter(())
    text = COMMENT_AS_VALUE.sub(r"\1", path.read_text("utf-8-sig"))
    return parse_stream(StringIO(text))
