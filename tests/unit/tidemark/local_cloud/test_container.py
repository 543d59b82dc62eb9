import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tidemark.local_cloud import choice, container
from tidemark.local_cloud.cloud import CloudError
from tidemark.local_cloud.container import ContainerCloud
from tidemark.machine import paths


class Gateway(BaseHTTPRequestHandler):
    """LocalStack's own pages; each restart is another session."""

    session = 1

    def do_GET(self) -> None:
        self._answer(json.dumps({"session_id": str(Gateway.session)}))

    def do_POST(self) -> None:
        Gateway.session += 1
        self._answer("ok")

    def _answer(self, text: str) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())


@contextmanager
def gateway() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def cloud() -> Iterator[ContainerCloud]:
    with gateway() as port:
        yield ContainerCloud(port, Path())


def test_it_is_awaited_and_never_started(cloud: ContainerCloud) -> None:
    session = cloud.session_id

    cloud.check()
    assert not cloud.start(version="1")
    assert cloud.session_id == session


def test_a_restart_is_another_session(cloud: ContainerCloud) -> None:
    session = cloud.session_id

    cloud.restart()

    assert cloud.session_id not in (None, session)


def test_stop_leaves_it_running(cloud: ContainerCloud) -> None:
    assert cloud.stop() == []
    assert cloud.runs_as()


def test_a_local_cloud_that_does_not_answer_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(container, "START_TIMEOUT", 0.2)
    with gateway() as port:
        gone = ContainerCloud(port, Path())

    assert gone.runs_as() is None
    with pytest.raises(CloudError, match=f"^The local cloud .* port {port}: .*logs"):
        gone.start()


def test_in_a_container_the_local_cloud_is_a_container_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paths, "IMAGE", "/image")

    assert isinstance(choice.at(4801), ContainerCloud)
