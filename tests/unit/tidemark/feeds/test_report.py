from typing import Any

import pytest
from rich.console import Console

from tests.unit.tidemark.feeds.kraken_frames import KRAKEN, frame, trade
from tidemark.feeds import registry
from tidemark.feeds.transfer import report
from tidemark.feeds.transfer.frames import Frame
from tidemark.feeds.transfer.run import Run
from tidemark.replay.webhook import Webhook

WEBHOOK = Webhook("http://127.0.0.1:1/webhooks", "key")


async def find(keys: Any) -> list[Any]:
    return []


def feed(symbols: str = "BTC-USD") -> Run:
    lines = registry.lines(["kraken"], symbols.split(","), {})
    return Run(lines, WEBHOOK, find, lambda text: None)


def printed(run: Run) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(report.report(run))
    return capture.get()


def test_a_symbol_has_its_row_before_its_first_trade() -> None:
    assert report.rows(feed()) == [
        ("kraken", "BTC-USD", "-", "0.0", "-", "0", "connecting")
    ]


def test_a_row_shows_the_last_price_the_delay_and_what_is_stored() -> None:
    run = feed()
    run.ledger.receive(frame(trade(1)))
    account = run.ledger.of("kraken", "BTC-USD")
    account.stored, account.delay_ms = 1_234, 1_250
    run.connections[0].state = "live"

    [row] = report.rows(run)

    assert row[2] == "60250.1"
    assert row[4:] == ("1.2 s", "1,234", "live")


def test_a_row_shows_why_a_symbol_is_refused() -> None:
    run = feed("BTC-USD,NO-PE")
    run.connections[0].refused["NO/PE"] = "not supported"

    states = [row[-1] for row in report.rows(run)]

    assert states == ["connecting", "refused: not supported"]


def test_a_symbol_that_nobody_asked_for_has_a_row_without_a_state() -> None:
    run = feed()
    run.ledger.receive(frame(trade(1, symbol="ETH-USD")))

    assert [row[-1] for row in report.rows(run)] == ["connecting", ""]


def test_the_rows_say_that_the_feed_is_stopping() -> None:
    run = feed()
    run.stopping = True

    assert report.rows(run)[0][-1] == "stopping"


def test_the_report_says_what_became_of_the_trades() -> None:
    run = feed()
    run.ledger.receive(frame(trade(1), trade(2), trade(3)))
    account = run.ledger.of("kraken", "BTC-USD")
    account.stored, account.duplicate, account.dropped = 1, 1, 1

    heading, line = printed(run).splitlines()

    assert heading.split() == [
        *("venue", "symbol", "received", "stored", "duplicate", "dropped")
    ]
    assert line.split() == ["kraken", "BTC-USD", "3", "1", "1", "1"]
    assert report.lost(run) == "1 trade is not stored."


def test_the_report_has_the_reasons_of_rejections_in_visible_characters() -> None:
    run = feed()
    reasons = tuple(f"symbol: \x1b[31m{number}" for number in range(25))
    run.ledger.receive(Frame(b"{}", KRAKEN, (), reasons))
    run.ledger.unreadable["kraken"] = 3

    lines = printed(run).splitlines()

    assert "Rejected from kraken: 1 because of symbol: \\x1b[31m0" in lines
    assert lines[-2:] == [
        "… and for 5 other reasons.",
        "Frames that are not JSON and were not posted: kraken 3",
    ]


def test_nothing_is_lost_where_all_is_stored() -> None:
    run = feed()
    run.ledger.of("kraken", "BTC-USD").stored = 5

    assert report.lost(run) == ""


def test_a_feed_whose_every_symbol_is_refused_says_so() -> None:
    run = feed()
    run.connections[0].refused["BTC/USD"] = "no"

    assert report.lost(run) == "Every symbol was refused."


def test_a_feed_that_the_webhook_refuses_says_so() -> None:
    run = feed()
    run.failure = "The webhook answers 403: Forbidden"
    run.ledger.give_up([frame(trade(1))])

    said = report.lost(run)

    assert said == "The webhook answers 403: Forbidden. 1 trade is not stored."


def test_what_is_dropped_is_told_while_the_feed_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "NEWS_EVERY_S", 0)
    run = feed("BTC-USD,ETH-USD")
    news = report.News(run)
    assert [*news.lines()] == []

    run.ledger.drop([frame(trade(1), trade(2, symbol="ETH-USD"))])
    run.ledger.unreadable["kraken"] = 2

    assert [*news.lines()] == [
        "The webhook is too slow or down. Trades dropped so far: kraken BTC-USD 1, "
        "kraken ETH-USD 1",
        "Frames that are not JSON and were not posted: kraken 2",
    ]
    assert [*news.lines()] == []


def test_news_come_at_most_every_ten_seconds() -> None:
    run = feed()
    news = report.News(run)
    assert [*news.lines()] == []

    run.ledger.drop([frame(trade(1))])

    assert [*news.lines()] == []
