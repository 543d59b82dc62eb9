"""The JSON that a Terraform command prints, found among what else is printed.

The `terraform` on PATH may be a wrapper (the one of the setup-terraform action, a
version manager's) that prints lines of its own before and after the JSON.
"""

import json
import re
from typing import Any

BEGINNING = re.compile(r"^\{", re.MULTILINE)


def has_json(output: str) -> bool:
    """Return True if a line of the output begins a JSON object."""
    return BEGINNING.search(output) is not None


def read(output: str) -> dict[str, Any]:
    """Return the JSON object that begins a line. Raises `ValueError` without one."""
    found = BEGINNING.search(output)
    if not found:
        raise ValueError("no JSON")
    answer: dict[str, Any]
    answer, _ = json.JSONDecoder().raw_decode(output, found.start())
    return answer
