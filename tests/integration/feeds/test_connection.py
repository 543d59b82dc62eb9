import gzip
import json
import secrets

import pytest

from tests.integration.feeds.feeding import HEARTBEAT, feed, ids, trade, trades
from tests.integration.feeds.venue import Step, close, cut, hear, send, stay
from tests.integration.feeds.webhook import Server

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


def test_a_symbol_that_the_venue_refuses_is_told_and_the_others_go_on(
    server: Server,
) -> None:
    refusal = {
        "error": "Currency pair not supported NO/PE",
        "method": "subscribe",
        "success": False,
        "symbol": "NO/PE",
    }

    fed = feed(
        server,
        [send(json.dumps(refusal), trade(1)), stay],
        symbols="BTC-USD,NO-PE",
        received=1,
    )

    reason = "Currency pair not supported NO/PE"
    assert fed.said == [f"kraken refuses NO-PE: {reason}"]
    assert server.stored == {"1"}
    assert fed.run.connections[0].refused == {"NO/PE": reason}


def test_a_feed_ends_where_every_symbol_is_refused(server: Server) -> None:
    refusal = {"error": "no such pair", "method": "subscribe", "success": False}

    fed = feed(server, [send(json.dumps(refusal)), stay], seconds=60)

    assert fed.said == ["kraken refuses BTC-USD: no such pair"]


def test_a_symbol_that_was_traded_and_is_refused_later_is_asked_for_again(
    server: Server,
) -> None:
    refusal = {"error": "in maintenance", "method": "subscribe", "success": False}

    fed = feed(
        server,
        [hear, send(trade(1)), cut],
        [hear, send(json.dumps(refusal)), stay],
        [hear, send(trade(2)), stay],
        received=2,
    )

    assert server.stored == ids(1, 2)
    assert "refuses BTC-USD: in maintenance; connecting again" in fed.said[1]
