"""The dashboard's server as a process, and its page in a browser."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import httpx

from infra.settings import Settings
from tests.e2e.eventually import eventually
from tidemark.machine import paths


@dataclass(slots=True)
class Dashboard:
    """A server that can be stopped and started again on the same port."""

    settings: Settings
    port: int = field(default_factory=lambda: _free_port())
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        settings = self.settings
        ours = {
            "TARGET": settings.target,
            "LOCALSTACK_PORT": str(settings.localstack_port),
            "ENVIRONMENT_SUFFIX": settings.environment_suffix,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tidemark", "dashboard", "--port", str(self.port)],
            cwd=paths.ROOT,
            env={**os.environ, **ours},
            stdout=subprocess.DEVNULL,
        )
        eventually(self._answers)

    def stop(self) -> int:
        """Interrupt it, as Ctrl-C does; return its exit status."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=10)

    def _answers(self) -> bool:
        assert self._process and self._process.poll() is None, "the dashboard ended"
        try:
            return httpx.get(self.url, trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def running(settings: Settings) -> Iterator[Dashboard]:
    dashboard = Dashboard(settings)
    dashboard.start()
    try:
        yield dashboard
    finally:
        dashboard.stop()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
