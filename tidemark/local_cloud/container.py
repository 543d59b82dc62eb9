"""The local cloud in a container, as the tool sees it from its own container.

`bin/containers` starts and stops it. The two containers share a network.
"""

import socket
from dataclasses import dataclass

from tidemark.local_cloud.cloud import START_TIMEOUT, Cloud, CloudError
from tidemark.machine import waiting
from tidemark.machine.processes import Process


@dataclass(frozen=True, slots=True)
class ContainerCloud(Cloud):
    """LocalStack with the emulator, in a container."""

    def runs_as(self) -> str | None:
        """Return the name of its container, which is the host name of both."""
        return f"container {socket.gethostname()}" if self.session_id else None

    def runs(self, version: str) -> bool:
        return self.session_id is not None

    def check(self) -> None:
        """Do nothing: `bin/containers` has checked the port."""

    def start(self, *, version: str = "") -> bool:
        self._await(other_than=None)
        return False

    def restart(self) -> None:
        session_id = self.session_id
        self._ask("health", {"action": "restart"})
        self._await(other_than=session_id)

    def stop(self) -> list[Process]:
        return []

    def _await(self, *, other_than: str | None) -> None:
        if not waiting.until(
            lambda: self.session_id not in (None, other_than), timeout=START_TIMEOUT
        ):
            raise CloudError(
                f"The local cloud does not answer on port {self.port}: "
                "`docker compose logs localstack` says why."
            )
