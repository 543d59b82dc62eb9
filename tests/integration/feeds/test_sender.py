import pytest

from services.aws.items import Key
from tests.integration.feeds.feeding import feed, ids, trade, trades
from tests.integration.feeds.venue import send, stay
from tests.integration.feeds.webhook import Server
from tidemark.feeds.transfer import buffer, run, sender

LOST_ANSWER = 0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_webhook_gets_the_same_body_again(server: Server, status: int) -> None:
    server.answers = [status] * 6

    fed = feed(server, [send(*trades(1, 20)), stay], received=20)

    assert server.stored == ids(1, 20)
    assert fed.run.ledger.total.stored == 20
    assert f"The webhook answers {status}" in fed.said[0]
    assert fed.said[-1] == "The webhook is answering now"


def test_an_answer_that_is_lost_makes_no_trade_a_duplicate(server: Server) -> None:
    server.answers = [LOST_ANSWER] * 3

    fed = feed(server, [send(*trades(1, 20)), stay], received=20)

    assert server.answers == []
    assert len(server.posts) > len({post.body for post in server.posts})
    assert server.stored == ids(1, 20)
    assert fed.run.ledger.total.stored == 20
    assert fed.run.ledger.total.duplicate == 0


def test_nothing_is_lost_where_the_webhook_is_slow(server: Server) -> None:
    server.slow_s = 0.3

    fed = feed(server, [send(*trades(1, 2_000)), stay], received=2_000)

    assert server.stored == ids(1, 2_000)
    assert fed.run.ledger.total.stored == 2_000


def test_a_frame_that_the_webhook_refuses_takes_no_other_with_it(
    server: Server,
) -> None:
    server.refuses = b'"trade_id": 7,'

    fed = feed(server, [send(*trades(1, 20)), stay], received=20)

    assert server.stored == ids(1, 20) - {"7"}
    total = fed.run.ledger.total
    assert (total.stored, total.refused) == (19, 1)
    [(exchange, reason)] = fed.run.ledger.rejected
    assert exchange == "kraken"
    assert reason.startswith("the webhook answers 400")


def test_a_webhook_that_refuses_the_key_ends_the_feed(server: Server) -> None:
    server.answers = [403] * 10

    fed = feed(server, [send(*trades(1, 20)), stay], answered_after=20, seconds=60)

    assert fed.run.failure.startswith("The webhook answers 403")
    assert fed.run.ledger.total.undelivered == 20


def test_a_webhook_that_is_down_to_the_end_is_told_by_symbol(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PATIENCE_S", 0.5)
    server.answers = [503] * 10_000

    fed = feed(
        server,
        [send(*trades(1, 20), trade(1, symbol="ETH/USD")), stay],
        symbols="BTC-USD,ETH-USD",
        received=21,
    )

    accounts = fed.run.ledger.accounts
    assert accounts["kraken", "BTC-USD"].undelivered == 20
    assert accounts["kraken", "ETH-USD"].undelivered == 1


def test_what_has_no_room_is_dropped_from_the_oldest_on_and_counted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffer, "LIMIT", 40_000)
    monkeypatch.setattr(sender, "AT_ONCE", 1)

    fed = feed(server, [send(*trades(1, 500)), stay], answered_after=500, received=500)

    total = fed.run.ledger.total
    assert total.dropped > 300
    assert total.stored == 500 - total.dropped
    assert str(500) in server.stored


def test_a_row_that_does_not_come_is_missing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for: set[Key] = set()

    async def find_nothing(keys: list[Key]) -> list[object]:
        looked_for.update(keys)
        monkeypatch.setattr(run, "PATIENCE_S", 0.5 if len(looked_for) == 3 else 60)
        return []

    server.find = find_nothing  # type: ignore[method-assign]

    fed = feed(server, [send(*trades(1, 3)), stay], received=3)

    assert fed.run.ledger.total.missing == 3
