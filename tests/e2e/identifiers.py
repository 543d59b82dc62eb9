"""Identifiers that mark the data of this test run.

Others may be using the environment. Every symbol, venue and id that a test sends
contains the number of the run, so that its data can be found and removed.
"""

import secrets

RUN_NUMBER = f"{secrets.randbelow(10**12):012d}"
VENUE = f"e2e-{RUN_NUMBER}"

symbols: list[str] = []


def new_symbol() -> str:
    """Return a new symbol, which is a part of no other one; `cleanup` removes its rows
    after the tests.
    """
    symbols.append(f"T-{RUN_NUMBER}-{len(symbols) + 1:04d}")
    return symbols[-1]


def new_id() -> str:
    """Return a new id."""
    return f"{RUN_NUMBER}-{secrets.token_hex(8)}"
