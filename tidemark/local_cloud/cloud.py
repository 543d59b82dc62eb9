"""The interface of the local cloud on a port, for both kinds of it."""

import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.machine.errors import ToolError
from tidemark.machine.processes import Process

START_TIMEOUT = 180
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CloudError(ToolError):
    """The local cloud cannot be started or stopped."""


class PortTaken(CloudError):
    """The port of the local cloud is in use."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program: stop it, or set "
            "LOCALSTACK_PORT to a free port."
        )


class NotRunning(CloudError):
    """A command needs the local cloud, which is not running."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"The local cloud is not running on port {port}: `make up` starts it."
        )


@dataclass(frozen=True, slots=True)
class Cloud(ABC):
    """The local cloud on a port; `state_dir` has its log and its environments."""

    port: int
    state_dir: Path

    @property
    def session_id(self) -> str | None:
        """The id of its present run, or None if it does not answer."""
        info = self._ask("info")
        return str(info["session_id"]) if info else None

    @abstractmethod
    def runs_as(self) -> str | None:
        """Return what it runs as, for messages, or None if it is not running."""

    @abstractmethod
    def check(self) -> None:
        """Raise `CloudError` if it cannot start on its port."""

    @abstractmethod
    def runs(self, version: str) -> bool:
        """Return True if it answers, and runs in this version."""

    @abstractmethod
    def start(self, *, version: str = "") -> bool:
        """Start it unless it runs in this version; return True if it was started.

        `version` is a digest of what is installed for it. Raises `CloudError`.
        """

    @abstractmethod
    def restart(self) -> None:
        """Stop it and start it again, empty, in the same version."""

    @abstractmethod
    def stop(self) -> list[Process]:
        """Stop it and all its processes, and return those. Raises `CloudError`."""

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
