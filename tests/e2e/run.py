"""One run of the tests, and how what it makes is told from everything else.

The environment may be in use: whatever a test sends carries the run's number in its
symbol, venue or id, so that all of it, and nothing else, can be found and removed.
"""

import secrets

NUMBER = f"{secrets.randbelow(10**12):012d}"
VENUE = f"e2e-{NUMBER}"

symbols: list[str] = []


def new_symbol() -> str:
    """A symbol that nobody else has; its rows are removed in the end."""
    symbols.append(f"T-{NUMBER}-{len(symbols) + 1}")
    return symbols[-1]


def new_id() -> str:
    """An id that nobody else has."""
    return f"{NUMBER}-{secrets.token_hex(8)}"
