import http.server
import json
import secrets
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tidemark.replay import webhook
from tidemark.replay.reading.ticks import Trade, judge_element
from tidemark.replay.webhook import ReplayError, Webhook

TIME_MS = 1_709_294_400_123


def trades(count: int, *, exchange: str = "replay", digits: int = 1) -> list[Trade]:
    common = {"symbol": "A", "timestamp": str(TIME_MS), "exchange": exchange}
    prices = (f"{n + 1}.{'1' * digits}" for n in range(count))
    return [judge_element({**common, "price": p}, 1, TIME_MS) for p in prices]


class Webhooks(http.server.ThreadingHTTPServer):
    """Answers each request with the next status of `answers`, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = [202]
        self.bodies: list[Any] = []
        self.asked: list[tuple[str, str | None]] = []


class Handler(http.server.BaseHTTPRequestHandler):
    server: Webhooks

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answers = self.server.answers
        status = answers.pop(0) if len(answers) > 1 else answers[0]
        self.server.asked.append((self.path, self.headers["x-api-key"]))
        self.server.bodies.extend([json.loads(body)] if status == 202 else [])
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"request_id": secrets.token_hex(8)}).encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def webhooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    monkeypatch.setattr(webhook, "FIRST_PAUSE_S", 0)
    with Webhooks() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def posting_to(server: Webhooks, batch_size: int = 100) -> Webhook:
    return Webhook(f"http://127.0.0.1:{server.server_port}/webhooks", "key", batch_size)


def test_every_trade_is_sent_once_and_counted(webhooks: Webhooks) -> None:
    counts: list[int] = []

    ids = webhook.send(
        trades(25), posting_to(webhooks, batch_size=10), sent=counts.append
    )

    prices = [tick["price"] for body in webhooks.bodies for tick in body]
    assert sorted(prices) == sorted(f"{n + 1}.1" for n in range(25))
    assert sorted(counts) == [5, 10, 10]
    assert len(ids) == 3
    assert set(webhooks.asked) == {("/webhooks/replay", "key")}


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_webhook_is_asked_again(webhooks: Webhooks, status: int) -> None:
    webhooks.answers = [status, status, 202]

    webhook.send(trades(1), posting_to(webhooks), sent=lambda count: None)

    assert len(webhooks.bodies) == 1


def test_a_refusal_is_one_line(webhooks: Webhooks) -> None:
    webhooks.answers = [403]

    with pytest.raises(ReplayError, match=r"^The webhook answers 403: "):
        webhook.send(trades(1), posting_to(webhooks), sent=lambda count: None)

    assert len(webhooks.asked) == 1


def test_a_webhook_that_stays_busy_is_given_up(webhooks: Webhooks) -> None:
    webhooks.answers = [503]

    with pytest.raises(ReplayError, match="answers 503"):
        webhook.send(trades(1), posting_to(webhooks), sent=lambda count: None)

    assert len(webhooks.asked) == webhook.ATTEMPTS


def test_a_webhook_that_is_not_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook, "FIRST_PAUSE_S", 0)

    with pytest.raises(ReplayError, match="does not answer"):
        webhook.send(
            trades(1), Webhook("http://127.0.0.1:1", "key"), sent=lambda count: None
        )


def test_a_batch_is_of_one_venue_in_order() -> None:
    mixed = [*trades(2, exchange="a"), *trades(1, exchange="b"), *trades(1)]

    sizes = [len(batch) for batch in webhook.batches(mixed, size=100)]

    assert sizes == [2, 1, 1]


def test_a_batch_is_smaller_than_the_webhooks_largest_body() -> None:
    many = trades(2_500, digits=30)

    bodies = [
        len(",".join(trade.body for trade in batch)) + 2
        for batch in webhook.batches(many, size=10_000)
    ]

    assert max(bodies) <= 180 * 1024
    assert len(bodies) == 2
