"""Files of trades between the reader and the two sides of the webhook."""

import gzip
import os
import signal
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from services.aws.items import Key
from tests.integration.feeds.webhook import Post, Server
from tidemark.feeds.transfer import file_player, file_replay, run
from tidemark.feeds.transfer.file_replay import Files, Sent
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain
from tidemark.replay import first_pass

HEADER = "time,price,volume,id\n"
BEGIN_S = 1_704_067_200


def row(number: int) -> str:
    return f"{BEGIN_S + number},{number + 1}.50,1,{number}\n"


def send(path: Path, server: Server, **settings: str) -> Sent:
    found = first_pass.read([str(path)], settings, Plain())
    files = Files([str(path)], settings, found)
    return file_replay.send(files, server.webhook, server.find, Plain())


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "BTCUSDT-trades.csv"
    path.write_text(HEADER + "".join(map(row, range(1_200))))
    return path


def test_every_tick_of_a_file_is_sent_and_seen(trades: Path, server: Server) -> None:
    sent = send(trades, server)

    total = sent.feed.ledger.total
    assert (total.received, total.stored, total.duplicate) == (1_200, 1_200, 0)
    assert len(server.rows) == 1_200
    assert {post.path for post in server.posts} == {"/webhooks/replay"}
    assert sent.unsent == 0
    assert file_replay.missing(sent) == []


def test_a_second_replay_finds_only_duplicates(trades: Path, server: Server) -> None:
    send(trades, server)
    total = send(trades, server).feed.ledger.total

    assert (total.stored, total.duplicate) == (0, 1_200)
    assert len(server.rows) == 1_200


def test_newest_first_gives_the_same_table_and_is_said(
    trades: Path, server: Server, tmp_path: Path
) -> None:
    send(trades, server)
    rows = dict(server.rows)
    server.rows.clear()
    newest_first = tmp_path / "BTCUSDT-newest.csv.gz"
    lines = HEADER + "".join(map(row, reversed(range(1_200))))
    newest_first.write_bytes(gzip.compress(lines.encode()))

    sent = send(newest_first, server)

    assert server.rows.keys() == rows.keys()
    assert "1,199 ticks are older than one above them" in "".join(
        file_replay.read_lines(sent.files.found)
    )


def test_lines_that_are_no_ticks_are_named_and_the_others_sent(
    trades: Path, server: Server
) -> None:
    trades.write_text(f"{trades.read_text()}{BEGIN_S},-,1,5\n")

    sent = send(trades, server)

    [problem] = file_replay.problem_lines(sent.files.found, "bin/tidemark")
    assert f"{trades}, line 1202: price" in problem
    assert sent.feed.ledger.total.stored == 1_200
    assert file_replay.missing(sent) == ["1 line is no tick."]


def test_a_refusal_is_told_before_anything_is_sent(
    tmp_path: Path, server: Server
) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text("time;price\n1704067200;51,300\n")

    with pytest.raises(ToolError, match=r"is not read: .* add DECIMAL=[^\n]*$"):
        send(path, server)

    assert server.posts == []


def test_a_setting_says_what_the_file_does_not(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text("time;price\n1704067200;51,300\n")

    send(path, server, DECIMAL=",", EXCHANGE="kraken")

    [post] = server.posts
    assert post.path == "/webhooks/kraken"
    assert post.frames[0]["price"] == "51.300"


def test_a_senseless_setting_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^DATES=xyz is not valid"):
        first_pass.read([str(tmp_path / "a.csv")], {"DATES": "xyz"}, Plain())


def test_a_file_without_a_tick_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text("time,price\n1704067200,-\n")

    with pytest.raises(ToolError, match=r"^There is no tick in .*BTCUSD\.csv"):
        first_pass.read([str(path)], {}, Plain())


def test_a_venues_ticker_is_expected_under_the_key_of_what_is_posted(
    tmp_path: Path, server: Server
) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"ticker": "BTCUSDT", "close": 7, "time": 1704067200}\n')

    sent = send(path, server, EXCHANGE="tradingview")

    assert sent.feed.ledger.total.stored == 1


@pytest.fixture
def in_small_steps(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four requests of a hundred ticks on their way, and one that waits for them."""
    monkeypatch.setattr(file_player, "CHUNK", 100)
    monkeypatch.setattr(file_player, "BUFFERED", 0)
    monkeypatch.setattr(run, "PATIENCE_S", 0.5)


@pytest.mark.usefixtures("in_small_steps")
def test_an_interruption_says_how_much_was_not_sent(
    trades: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PATIENCE_S", 60)
    server.slow_s = 0.3
    accept, interrupted = server.accept, threading.Lock()

    def interrupt_once(post: Post, request_id: str) -> None:
        if interrupted.acquire(blocking=False):
            os.kill(os.getpid(), signal.SIGINT)
        accept(post, request_id)

    monkeypatch.setattr(server, "accept", interrupt_once)

    sent = send(trades, server)

    total = sent.feed.ledger.total
    assert 0 < sent.unsent < 1_200
    assert total.stored == total.received
    assert file_replay.missing(sent) == [
        f"{sent.unsent:,} ticks were not sent: run it again to send them."
    ]


@pytest.mark.usefixtures("in_small_steps")
def test_a_webhook_that_takes_nothing_more_ends_the_replay(
    trades: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_player, "PATIENCE_S", 0.3)
    server.answers = [503] * 100_000

    sent = send(trades, server)

    assert sent.unsent == 700
    assert file_replay.missing(sent)[-1] == (
        "The webhook took nothing for 0.3 s. 500 trades are not stored."
    )


@pytest.mark.usefixtures("in_small_steps")
def test_a_table_that_stores_nothing_ends_the_replay(
    trades: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_player, "UNSEEN", 100)
    monkeypatch.setattr(server, "accept", lambda post, request_id: None)
    looked_for: set[Key] = set()

    async def find_nothing(keys: list[Key]) -> list[Any]:
        looked_for.update(keys)
        patience_s = 0.3 if len(looked_for) > file_player.UNSEEN else 60
        monkeypatch.setattr(file_player, "PATIENCE_S", patience_s)
        return []

    monkeypatch.setattr(server, "find", find_nothing)

    sent = send(trades, server)

    assert sent.unsent >= 500
    assert file_replay.missing(sent)[-1] == (
        "Nothing that was sent was stored for 0.3 s. "
        f"{1_200 - sent.unsent:,} trades are not stored."
    )


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_player, "UNSEEN", 1_000)
    monkeypatch.setattr(server, "accept", lambda post, request_id: None)
    path = tmp_path / "BTCUSDT-trades.csv"
    path.write_text(HEADER + "".join(map(row, range(8_000))))

    async def everything(keys: list[tuple[str, str]]) -> list[Any]:
        return [
            {"symbol": {"S": symbol}, "timestamp": {"N": timestamp}}
            for symbol, timestamp in keys
        ]

    found = first_pass.read([str(path)], {}, Plain())
    files = Files([str(path)], {}, found)
    tracemalloc.start()
    sent = file_replay.send(files, server.webhook, everything, Plain())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sent.feed.ledger.total.duplicate == 8_000
    assert len(sent.sample.keys) == 500
    assert peak < 12_000_000
