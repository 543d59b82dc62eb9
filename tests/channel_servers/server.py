"""A server on this machine that answers requests of channels as a test tells it to."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST_HANG_S = 30


@dataclass(frozen=True, slots=True)
class Received:
    """One request, with header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, after `after_s`; with status 0 the connection is closed."""

    status: int = 200
    body: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0


CLOSE, HANG = Answer(status=0), Answer(status=0, after_s=LONGEST_HANG_S)

type Behaviour = Callable[[Received], Answer]


def always(answer: Answer) -> Behaviour:
    return lambda received: answer


def first(*answers: Answer) -> Behaviour:
    """Give these answers one after the other, then accept everything."""
    left = iter(answers)
    return lambda received: next(left, Answer())


def every_third(answer: Answer) -> Behaviour:
    """Give this answer to every third request, and accept the others."""
    count = iter(range(1, 1_000_000))
    return lambda received: Answer() if next(count) % 3 else answer


@dataclass(slots=True)
class ChannelServer:
    """`behaviours` by the first part of the path; any other is 404."""

    port: int
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    received: list[tuple[Received, int]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://localhost:{self.port}/{path}"

    def accepted(self, name: str) -> list[Received]:
        """The requests under that part of the path that were answered with success."""
        return [each for each, status in self._of(name) if 200 <= status < 300]

    def all(self, name: str) -> list[Received]:
        return [each for each, _ in self._of(name)]

    def answer(self, received: Received) -> Answer:
        with self.lock:
            behave = self.behaviours.get(_name(received), always(Answer(404, "gone")))
            answer = behave(received)
            self.received.append((received, answer.status))
        self.ending.wait(answer.after_s)
        return answer

    def _of(self, name: str) -> list[tuple[Received, int]]:
        return [each for each in self.received if _name(each[0]) == name]


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[ChannelServer]:
    """Run a server on a free port, with TLS if there is a context."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.path, headers, self.rfile.read(length))
            _write(self, server.answer(received))

        def log_message(self, *arguments: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        server = ChannelServer(http.server_address[1])
        http.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.ending.set()
            http.shutdown()
            thread.join()


def _name(received: Received) -> str:
    return received.path.strip("/").split("/")[0].split("?")[0]


def _write(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if not answer.status:
        handler.close_connection = True
        return
    content = answer.body.encode()
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
