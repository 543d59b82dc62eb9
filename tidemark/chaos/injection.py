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

    def rules(self) -> list[dict[str, Any]]:
        """The rules that are being injected, each with its number of `hits`."""
        rules: list[dict[str, Any]] = self._call("GET")
        return rules

    def _call(self, method: str, rule: dict[str, Any] | None = None) -> Any:
        url = f"{self.endpoint_url}{PATH}"
        answer = httpx.request(
            method, url, json=rule, timeout=TIMEOUT_S, trust_env=False
        )
        if answer.status_code != 200:
            raise ToolError(f"The local cloud refuses the fault: {answer.text}")
        return answer.json()


def missed(rules: Sequence[dict[str, Any]]) -> list[str]:
    """The effect, function and action of each rule that has not hit anything."""
    return [
        f"{rule['effect']} {rule['function']} {rule['action']}".strip()
        for rule in rules
        if not rule["hits"]
    ]
