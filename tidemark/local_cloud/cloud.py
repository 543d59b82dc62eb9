"""The local cloud on a port, as every command sees it, whoever started it."""

import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.machine.errors import ToolError
from tidemark.machine.processes import Process

START_TIMEOUT = 90
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CloudError(ToolError):
    """The local cloud does not start or end as it should."""


class NotRunning(CloudError):
    """A command needs the local cloud, and it does not run."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"The local cloud does not run on port {port}: `make up` starts it."
        )


@dataclass(frozen=True, slots=True)
class Cloud(ABC):
    """The local cloud on a port; `state_dir` holds its log and what it deployed."""

    port: int
    state_dir: Path

    @property
    def session_id(self) -> str | None:
        """Tells this run of it from every other one; None where none answers."""
        info = self._ask("info")
        return str(info["session_id"]) if info else None

    @abstractmethod
    def runs_as(self) -> str | None:
        """What it is on this machine, for people; None where it does not run."""

    @abstractmethod
    def runs(self, version: str) -> bool:
        """Return True if it answers, and runs in this version."""

    @abstractmethod
    def start(self, *, version: str = "") -> bool:
        """Start it, or leave it alone if it runs in this version; whether it started.

        `version` is a digest of what it runs on. Raises CloudError.
        """

    @abstractmethod
    def restart(self) -> None:
        """Start it anew and empty, in the version it runs in."""

    @abstractmethod
    def stop(self) -> list[Process]:
        """End it and all it started; returns what it had running. Raises CloudError."""

    def _ask(self, page: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/_localstack/{page}",
            data=json.dumps(body).encode() if body else None,
            headers={"content-type": "application/json"},
        )
        try:
            with _direct.open(request, timeout=5) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except (OSError, urllib.error.URLError, ValueError):
            return {}
