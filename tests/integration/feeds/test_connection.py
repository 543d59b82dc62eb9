import gzip
import json
import secrets
import zlib
from collections.abc import Callable

import pytest

from tests.integration.feeds.feeding import HEARTBEAT, feed, ids, trade, trades
from tests.integration.feeds.venue import Step, close, cut, hear, send, stay
from tests.integration.feeds.webhook import Server
from tidemark.feeds.transfer import connection, refusals

SUBSCRIPTION = (
    '{"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],'
    '"snapshot":true},"req_id":1}'
)
GARBAGE = [
    "",
    "no JSON",
    "{",
    "[1, 2",
    "{}",
    "null",
    "0",
    '"text"',
    "NaN",
    '{"channel": "trade", "data": NaN}',
    '{"channel": "trade", "data": [{"symbol": "BTC/USD"}]}',
    '{"channel": "trade", "channel": "trade"}',
    '{"channel": "never heard of"}',
    '{"method": "pong", "req_id": ' + "9" * 5_000 + "}",
    "[" * 20_000,
    "[" * 20_000 + "]" * 20_000,
    '{"price": 1e999999999}',
    "\ud83d\ude80".encode("utf-16", "surrogatepass").decode("utf-16"),
    b"",
    b"\x00\xff\xfe",
    b"\x1f\x8b\x08 cut",
    gzip.compress(b"{}"),
    secrets.token_bytes(500_000),
]


def test_every_trade_is_posted_in_the_venues_own_words(server: Server) -> None:
    sent = trades(1, 200)

    fed = feed(server, [send(HEARTBEAT, *sent), stay], received=200)

    posted = [json.dumps(frame) for post in server.posts for frame in post.frames]
    assert sorted(posted) == sorted(sent)
    assert {post.path for post in server.posts} == {"/webhooks/kraken"}
    assert {post.key for post in server.posts} == {"the-key"}
    assert fed.run.ledger.total.stored == 200


def test_a_frame_without_a_trade_is_not_posted(server: Server) -> None:
    status = '{"channel":"status","type":"update","data":[{"system":"online"}]}'

    feed(server, [send(status, HEARTBEAT, trade(1)), stay], received=1)

    assert [post.body for post in server.posts] == [trade(1).encode()]


@pytest.mark.parametrize(
    "end",
    [cut, close(1001), close(1011), close(1012, "restart"), close(4000), close(1000)],
)
def test_a_connection_that_ends_is_made_anew_and_subscribes_again(
    server: Server, end: Step
) -> None:
    fed = feed(
        server,
        [hear, send(*trades(1, 5)), end],
        [hear, send(*trades(6, 9)), stay],
        received=9,
    )

    assert server.stored == ids(1, 9)
    assert fed.venue.received == [SUBSCRIPTION, SUBSCRIPTION]
    assert "connecting again" in fed.said[0]


def test_a_code_that_the_venue_closes_with_is_told(server: Server) -> None:
    fed = feed(
        server,
        [send(trade(1)), close(4001, "too\nslow")],
        [send(trade(2)), stay],
        received=2,
    )

    assert "closed the connection with 4001 (too\nslow)" in fed.said[0]


def test_a_line_without_a_frame_is_cut_and_made_anew(server: Server) -> None:
    fed = feed(
        server,
        [send(trade(1)), stay],
        [
            send(trade(1), trade(2)),
            stay,
        ],  # a busy machine may be silent before the first
        silent_after_s=0.3,
        received=3,
    )

    assert server.stored == ids(1, 2)
    assert "silent for 0.3 s" in fed.said[0]


def test_a_venue_that_is_not_there_is_tried_again(server: Server) -> None:
    fed = feed(server, [cut], [cut], [send(trade(1)), stay], received=1)

    assert server.stored == {"1"}
    assert len(fed.said) == 2


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_among_trades_harms_none_of_them(
    server: Server, garbage: str | bytes
) -> None:
    fed = feed(server, [send(trade(1), garbage, trade(2)), stay], received=2)

    assert server.stored == ids(1, 2)
    assert fed.venue.connections == 1


def test_a_frame_that_is_beyond_all_limits_does_not_end_the_feed(
    server: Server,
) -> None:
    huge = '"' + "x" * (17 * 1024 * 1024) + '"'

    fed = feed(server, [send(trade(1), huge), stay], [send(trade(2)), stay], received=2)

    assert server.stored == ids(1, 2)
    assert fed.venue.connections == 2


def test_the_trades_of_a_frame_that_is_too_large_for_a_webhook_are_posted_alone(
    server: Server,
) -> None:
    entries = [json.loads(text)["data"][0] for text in trades(1, 2_000)]
    large = json.dumps({"channel": "trade", "type": "snapshot", "data": entries})

    fed = feed(server, [send(large, *trades(1_999, 2_001)), stay], received=2_003)

    assert server.stored == ids(1, 2_001)
    assert fed.run.ledger.total.stored == 2_001
    assert fed.run.ledger.total.duplicate == 2


def test_trades_that_come_again_are_duplicates(server: Server) -> None:
    fed = feed(
        server,
        [send(*trades(1, 50)), cut],
        [send(*trades(1, 50), trade(51)), stay],
        received=101,
    )

    assert server.stored == ids(1, 51)
    total = fed.run.ledger.total
    assert (total.received, total.stored, total.duplicate) == (101, 51, 50)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused symbols are requested again without a long wait."""
    monkeypatch.setattr(refusals, "AGAIN_S", 0.01)


def refusal(symbol: str, reason: str = "no such pair") -> str:
    """What kraken answers to a subscription."""
    answer = {"method": "subscribe", "success": False, "symbol": symbol}
    return json.dumps({"error": reason, **answer})


def test_a_symbol_that_the_venue_refuses_is_told_and_the_others_go_on(
    server: Server,
) -> None:
    fed = feed(
        server,
        [send(refusal("NO/PE"), trade(1)), stay],
        symbols="BTC-USD,NO-PE",
        received=1,
    )

    assert fed.said == ["kraken refuses NO-PE: no such pair; requesting it again"]
    assert server.stored == {"1"}
    assert fed.run.connections[0].refused == {"NO/PE": "no such pair"}


def test_a_feed_ends_where_every_symbol_is_refused_several_times(
    server: Server,
) -> None:
    again = [hear, send(refusal("BTC/USD"))] * 2

    fed = feed(server, [hear, send(refusal("BTC/USD")), *again, stay], seconds=60)

    refused = "kraken refuses BTC-USD: no such pair"
    assert fed.said == [*[f"{refused}; requesting it again"] * 2, refused]
    assert fed.venue.received == [SUBSCRIPTION] * 3


def test_a_symbol_that_is_refused_at_first_is_requested_again_and_its_trades_stored(
    server: Server,
) -> None:
    busy = refusal("BTC/USD", "busy")

    fed = feed(
        server,
        [hear, send(busy), close(1000)],
        [hear, send(busy), hear, send(trade(1)), stay],
        received=1,
    )

    assert server.stored == {"1"}
    assert fed.run.connections[0].refused == {}


def test_trades_of_a_symbol_that_is_refused_are_stored(server: Server) -> None:
    feed(server, [hear, send(refusal("BTC/USD"), *trades(1, 5)), stay], received=5)

    assert server.stored == ids(1, 5)


def test_a_symbol_that_was_traded_is_requested_again_however_often_it_is_refused(
    server: Server,
) -> None:
    refused = [hear, send(refusal("BTC/USD", "in maintenance"))] * 4

    feed(
        server,
        [hear, send(trade(1)), cut],
        [*refused, hear, send(trade(2)), stay],
        received=2,
    )

    assert server.stored == ids(1, 2)


@pytest.mark.parametrize("symbols", ["BTC-USD", "BTC-USD,ETH-USD,XRP-USD,LTC-USD"])
@pytest.mark.parametrize("end", [close(1000), cut])
def test_what_arrived_before_the_end_is_read_while_a_subscription_cannot_be_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch, end: Step, symbols: str
) -> None:
    monkeypatch.setattr(connection, "PACE_S", 0.02)

    feed(
        server,
        [hear, send(*trades(1, 900)), end],
        [stay],
        symbols=symbols,
        received=900,
    )

    assert server.stored == ids(1, 900)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_frame_that_a_venue_compresses_is_read(
    server: Server, pack: Callable[[bytes], bytes]
) -> None:
    feed(server, [send(pack(trade(1).encode()), trade(2)), stay], received=2)

    assert server.stored == ids(1, 2)
