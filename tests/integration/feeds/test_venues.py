"""What single venues want of a connection, against a server that wants it."""

import asyncio
import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from tests.integration.feeds.feeding import feed
from tests.integration.feeds.venue import close, hear, send, stay
from tests.integration.feeds.webhook import Server
from tidemark.feeds import kucoin
from tidemark.feeds.registry import FEEDS

PAYLOADS = Path(__file__).parents[2] / "payloads"
SYMBOLS = {
    "binance": "BTC-USDT",
    "binance_coinm": "BTC-USD-PERP",
    "binance_usdm": "BTC-USDT-PERP",
    "binanceus": "SHIB-USD",
    "bitfinex": "BTC-USD",
    "bitstamp": "BTC-USD",
    "bybit": "BTC-USDT-PERP",
    "coinbase": "BTC-USD",
    "coinbase_exchange": "BTC-USD",
    "cryptocom": "BTC-USDT",
    "deribit": "BTC-USD-PERP",
    "gateio": "BTC-USDT",
    "gateio_futures": "BTC-USDT-PERP",
    "gemini": "BTC-USD",
    "htx": "BTC-USDT",
    "htx_swap": "BTC-USDT-PERP",
    "kraken": "BTC-USD",
    "kraken_futures": "BTC-USD-PERP",
    "kucoin": "BTC-USDT",
    "kucoin_futures": "BTC-USDT-PERP",
    "okx": "BTC-USDT",
}
SUBSCRIBED = {
    "bitfinex": [
        '{"event":"subscribed","channel":"trades","chanId":17470,"symbol":"tBTCUSD"}'
    ]
}


def payload(exchange: str) -> str:
    return (PAYLOADS / exchange / "trade.json").read_text()


@pytest.mark.parametrize("exchange", sorted(FEEDS))
def test_the_trade_of_each_venue_is_posted_unchanged_and_stored(
    server: Server, exchange: str
) -> None:
    frame = payload(exchange)

    fed = feed(
        server,
        [hear, send(*SUBSCRIBED.get(exchange, []), frame), stay],
        exchange=exchange,
        symbols=SYMBOLS[exchange],
        received=1,
    )

    [post] = [post for post in server.posts if post.body == frame.encode()]
    assert post.path == f"/webhooks/{exchange}"
    account = fed.run.ledger.of(exchange, SYMBOLS[exchange])
    assert (account.stored, account.missing) == (1, 0)


@pytest.mark.parametrize(
    ("exchange", "query"),
    [("bybit", {"market": "linear"}), ("bitfinex", {"symbol": "tBTCUSD"})],
)
def test_what_a_frame_leaves_out_is_in_the_query(
    server: Server, exchange: str, query: dict[str, str]
) -> None:
    feed(
        server,
        [hear, send(*SUBSCRIBED.get(exchange, []), payload(exchange)), stay],
        exchange=exchange,
        symbols=SYMBOLS[exchange],
        received=1,
    )

    assert server.posts[-1].query == query


def test_htx_is_unpacked_and_its_pings_are_answered(server: Server) -> None:
    ping = gzip.compress(b'{"ping":1714564800123}')
    packed = gzip.compress(payload("htx").encode())

    fed = feed(
        server,
        [hear, send(ping), hear, send(packed), stay],
        exchange="htx",
        symbols="BTC-USDT",
        received=1,
    )

    assert '{"pong":1714564800123}' in fed.venue.received
    assert [post.body for post in server.posts] == [payload("htx").encode()]


def test_what_arrived_before_the_end_is_read_while_a_ping_cannot_be_answered(
    server: Server,
) -> None:
    ping = gzip.compress(b'{"ping":1714564800123}')
    trade = json.loads(payload("htx"))
    entry = trade["tick"]["data"][0]
    frames: list[str | bytes] = []
    for number in range(100):
        trade["tick"]["data"] = [{**entry, "tradeId": number}]
        frames += [ping, json.dumps(trade)]

    fed = feed(
        server,
        [hear, send(*frames), close(1000)],
        [stay],
        exchange="htx",
        symbols="BTC-USDT",
        received=100,
    )

    assert fed.run.ledger.total.stored == 100


def test_what_a_venue_sends_after_it_said_that_it_restarts_is_read(
    server: Server,
) -> None:
    restart = '{"event":"bts:request_reconnect","channel":"","data":""}'

    fed = feed(
        server,
        [hear, send(restart, payload("bitstamp")), stay],
        exchange="bitstamp",
        symbols="BTC-USD",
        received=1,
    )

    assert fed.run.ledger.total.stored == 1


def test_a_venue_that_says_that_it_restarts_is_left_soon(server: Server) -> None:
    restart = '{"event":"bts:request_reconnect","channel":"","data":""}'

    fed = feed(
        server,
        [hear, send(restart), stay],
        [hear, send(payload("bitstamp")), stay],
        exchange="bitstamp",
        symbols="BTC-USD",
        received=1,
    )

    assert "about to restart" in fed.said[0]
    assert fed.venue.connections == 2


def test_a_word_that_says_nothing_is_no_garbage(server: Server) -> None:
    fed = feed(
        server,
        [hear, send("pong", payload("okx")), stay],
        exchange="okx",
        symbols="BTC-USDT",
        received=1,
    )

    assert fed.run.ledger.unreadable.total() == 0


class Tokens(http.server.BaseHTTPRequestHandler):
    answer: object = None

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def tokens() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tokens) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}/api/v1/bullet-public"
        made.shutdown()
        thread.join()


def test_kucoins_address_has_the_token_that_is_asked_for(
    tokens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = [{"endpoint": "wss://ws-api-spot.kucoin.com/", "pingInterval": 18000}]
    data = {"token": "2neAiu/+", "instanceServers": servers}
    monkeypatch.setattr(Tokens, "answer", {"code": "200000", "data": data})

    address = asyncio.run(kucoin.address(tokens))

    url, _, query = address.partition("?")
    assert url == "wss://ws-api-spot.kucoin.com/"
    assert parse_qs(query)["token"] == ["2neAiu/+"]


@pytest.mark.parametrize("answer", [None, {}, {"data": {"instanceServers": []}}])
def test_an_answer_without_a_token_is_an_error_that_is_tried_again(
    tokens: str, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr(Tokens, "answer", answer)

    with pytest.raises(httpx.HTTPError, match="gives no token"):
        asyncio.run(kucoin.address(tokens))


def test_a_websockets_address_is_used_as_it_is() -> None:
    assert asyncio.run(kucoin.address("ws://127.0.0.1:1")) == "ws://127.0.0.1:1"
