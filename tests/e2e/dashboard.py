"""The dashboard's server as a process, and its page in a browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from infra.settings import Settings
from tests.e2e.eventually import eventually
from tests.e2e.ports import is_free
from tidemark.machine import paths


@dataclass(slots=True)
class Dashboard:
    """A server that can be stopped and started again on the same port."""

    settings: Settings
    port: int
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
        return self._process.wait(timeout=60)

    def _answers(self) -> bool:
        assert self._process and self._process.poll() is None, "the dashboard ended"
        try:
            return httpx.get(self.url, trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def running(settings: Settings) -> Iterator[Dashboard]:
    dashboard = Dashboard(settings, _free_port(settings.localstack_port))
    dashboard.start()
    try:
        yield dashboard
    finally:
        dashboard.stop()


def _free_port(cloud_port: int) -> int:
    # No port that the system gives away: a server that is stopped for a while, to be
    # started again, could lose it.
    return next(filter(is_free, range(cloud_port + 100, 2**16, 100)))
