"""Counts in words: `1 tick`, `2,000 ticks`, `1 of them is`."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return the number and what it counts. `several` is `one` with an s, if left out;
    both may go on: `counted(1, "row is", "rows are")`.
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
