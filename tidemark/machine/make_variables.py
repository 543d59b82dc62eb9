"""Name an option in an error as it was given: to make as a variable, or to the tool."""

import os


def value(name: str) -> str:
    """Return the variable of make behind an option; empty if make did not pass one."""
    return os.environ.get(name.upper(), "") if "MAKELEVEL" in os.environ else ""


def option(name: str, given: str) -> str:
    """`SINCE=yesterday` if make passed it, else `--since yesterday`."""
    if given and value(name) == given:
        return f"{name.upper()}={given}"
    return f"--{name} {given}"
