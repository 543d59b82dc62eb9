import random

import pytest

from tests.integration.feeds.feeding import HEARTBEAT, feed, ids, trade
from tests.integration.feeds.venue import Script, Step, close, cut, hear, send, stay
from tests.integration.feeds.webhook import Server
from tidemark.feeds.transfer import sender

ENDS = [cut, close(1001), close(1012, "restart"), close(4000), close(1011)]
NOISE: list[str | bytes] = [
    "garbage",
    "[]",
    b"\xff\x00",
    HEARTBEAT,
    '{"method":"pong"}',
    "[" * 9_000,
]
COUNT = 150


def scripts(chance: random.Random) -> list[Script]:
    """Ten connections; each sends again what the ones before have sent, and ends."""
    made: list[list[Step]] = []
    for number in range(1, 11):
        frames: list[str | bytes] = [
            trade(sent) for sent in range(1, number * COUNT // 10 + 1)
        ]
        for noise in chance.choices(NOISE, k=5):
            frames.insert(chance.randrange(len(frames)), noise)
        made.append([hear, send(*frames), chance.choice(ENDS)])
    *others, last = made
    return [*others, [*last[:-1], stay]]


@pytest.mark.parametrize("seed", range(3))
def test_every_trade_is_stored_once_whatever_both_sides_do(
    server: Server, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Here no body is the cause of a failure, however often its attempts fail.
    monkeypatch.setattr(sender, "ATTEMPTS", 100)
    chance = random.Random(seed)
    server.answers = chance.choices([202, 202, 429, 500, 503, 0], k=60)

    fed = feed(server, *scripts(chance), received=sum(range(1, 11)) * COUNT // 10)

    total = fed.run.ledger.total
    assert server.stored == ids(1, COUNT)
    assert total.stored == COUNT
    assert total.duplicate == total.received - COUNT
    assert (total.missing, total.dropped, total.refused) == (0, 0, 0)
