"""Options that several commands have."""

import time
from typing import Annotated

import typer

Since = Annotated[
    str,
    typer.Option(help="A span such as 15m, 1h, 7d, or a time such as 2024-03-01."),
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="At most so many, the newest. [default: 20]")
]
Approved = Annotated[
    bool, typer.Option("--yes", envvar="AUTO_APPROVE", help="Do not ask.")
]
Json = Annotated[
    bool, typer.Option("--json", help="All rows as JSON, every number as a string.")
]
Symbol = Annotated[str, typer.Option(help="Only this symbol.")]


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
