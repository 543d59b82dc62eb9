"""The webhook's side: an HTTP server that misbehaves as told, and the rows it makes."""

import http.server
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from services.aws.items import Key, item_key, key_of
from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.market.event_time import iso
from services.market.tick import Tick
from tidemark.replay.webhook import Webhook


@dataclass(frozen=True)
class Post:
    """One accepted request."""

    path: str
    query: Mapping[str, str]
    body: bytes
    key: str | None

    @property
    def frames(self) -> list[Any]:
        body = json.loads(self.body)
        return body if isinstance(body, list) else [body]


class Server(http.server.ThreadingHTTPServer):
    """Answers with each status of `answers` in turn, then 202. It waits while it is not
    `answering`.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.refuses = b"\0"
        self.slow_s = 0.0
        self.answering = threading.Event()
        self.answering.set()
        self.posts: list[Post] = []
        self.rows: dict[Key, Any] = {}
        self.lock = threading.Lock()

    @property
    def webhook(self) -> Webhook:
        return Webhook(f"http://127.0.0.1:{self.server_port}/webhooks", "the-key")

    async def find(self, keys: list[Key]) -> list[Any]:
        with self.lock:
            return [self.rows[key] for key in keys if key in self.rows]

    def accept(self, post: Post, request_id: str) -> None:
        """Store the ticks of a body as the function does, each once."""
        now_ms = time.time_ns() // 1_000_000
        exchange = post.path.rpartition("/")[2]
        delivery = Delivery(post.body, exchange, now_ms, request_id, post.query)
        with self.lock:
            self.posts.append(post)
            for tick in registry.read(delivery):
                if isinstance(tick, Tick):
                    key = (tick.symbol, tick.timestamp)
                    self.rows.setdefault(key, _row(key, request_id, now_ms))

    @property
    def stored(self) -> set[str]:
        """The trade ids, as far as a key keeps them."""
        return {
            timestamp.partition(".")[2][6:17].lstrip("0") for _, timestamp in self.rows
        }


def _row(key: Key, request_id: str, now_ms: int) -> Any:
    row: Any = {
        **item_key(key),
        "request_id": {"S": request_id},
        "received_at": {"N": str(now_ms)},
        "processed_at": {"S": iso(now_ms)},
    }
    assert key_of(row) == key
    return row


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.answering.wait()
        time.sleep(self.server.slow_s)
        with self.server.lock:
            status = self.server.answers.pop(0) if self.server.answers else 202
        if status == 202 and self.server.refuses in body:
            status = 400
        if status == 0:  # accepted, and the answer is lost
            self._accept(body)
            self.connection.close()
            return
        request_id = self._accept(body) if status == 202 else ""
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"request_id": request_id}).encode())

    def _accept(self, body: bytes) -> str:
        request_id = secrets.token_hex(8)
        url = urlsplit(self.path)
        post = Post(
            url.path, dict(parse_qsl(url.query)), body, self.headers["x-api-key"]
        )
        self.server.accept(post, request_id)
        return request_id

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()
