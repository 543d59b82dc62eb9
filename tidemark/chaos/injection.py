"""Ask the local cloud for faults, and end them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tidemark.machine.errors import ToolError

PATH = "/_tidemark/faults"
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Injection:
    """The faults of one local cloud, by the URL it answers on."""

    endpoint_url: str

    @contextmanager
    def active(self, rules: Sequence[dict[str, Any]]) -> Iterator[None]:
        """Inject faults during the block."""
        self._call("DELETE")
        try:
            for rule in rules:
                self._call("POST", rule)
            yield
        finally:
            self._call("DELETE")

    def hits(self) -> int:
        """How many calls and invocations have been hit."""
        return sum(rule["hits"] for rule in self._call("GET"))

    def _call(self, method: str, rule: dict[str, Any] | None = None) -> Any:
        url = f"{self.endpoint_url}{PATH}"
        answer = httpx.request(
            method, url, json=rule, timeout=TIMEOUT_S, trust_env=False
        )
        if answer.status_code != 200:
            raise ToolError(f"The local cloud refuses the fault: {answer.text}")
        return answer.json()
