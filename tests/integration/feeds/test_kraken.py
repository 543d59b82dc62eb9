import asyncio
import json
from collections.abc import Sequence

from tests.integration.feeds import webhook
from tests.integration.feeds.venue import Script, close, cut, send, stay, venue
from tidemark.feeds import registry
from tidemark.feeds.run import Run

START = 1_714_564_800


def trade(number: int, symbol: str = "BTC/USD") -> str:
    body = {
        "channel": "trade",
        "type": "update",
        "data": [
            {
                "symbol": symbol,
                "side": "sell",
                "price": 60250.1,
                "qty": 0.015,
                "ord_type": "limit",
                "trade_id": number,
                "timestamp": "2024-05-01T12:00:00.123456Z",
            }
        ],
    }
    return json.dumps(body)


def fed(
    server: webhook.Server, *scripts: Script, seconds: float = 1.5
) -> tuple[Run, list[str]]:
    said: list[str] = []

    async def run() -> Run:
        async with venue(*scripts) as kraken:
            lines = registry.lines(["kraken"], ["BTC-USD"], {"kraken": kraken.url})
            feed = Run(lines, server.webhook, server.find, said.append)
            await feed.run(seconds=seconds)
            return feed

    return asyncio.run(run()), said


def ids(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


def test_every_trade_arrives_in_the_venues_own_words() -> None:
    sent = [trade(number) for number in range(1, 201)]
    heartbeat = '{"channel":"heartbeat"}'

    with webhook.server() as server:
        feed, _ = fed(server, [send(*sent, heartbeat), stay])

    posted = [json.dumps(frame) for post in server.posts for frame in post.frames]
    assert sorted(posted) == sorted(sent)
    assert {(post.path, post.key) for post in server.posts} == {
        ("/webhooks/kraken", "the-key")
    }
    assert feed.ledger.total.received == feed.ledger.total.stored == 200


def test_a_line_that_ends_is_made_anew() -> None:
    ends: Sequence[Script] = [
        [send(trade(1)), cut],
        [send(trade(2)), close(1001, "going away")],
        [send(trade(3)), close(1012)],
        [send(trade(4)), close(4000, "slow consumer")],
        [send(trade(5)), stay],
    ]

    with webhook.server() as server:
        _, said = fed(server, *ends, seconds=12)

    assert server.stored == ids(1, 5)
    assert said
    print(said)
