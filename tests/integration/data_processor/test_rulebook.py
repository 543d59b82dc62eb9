from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.data_processor.rulebook import Rulebook
from services.market.marks import read_marks
from services.rules.applying import BuiltIn
from services.rules.rule import Rule, read_rule
from tests.integration.data_processor.judge import counting
from tests.integration.data_processor.tables import Tables
from tests.integration.dynamodb import Wrapped
from tests.unit.function_output import lines_written
from tests.unit.rules.builders import NOON_MS, SYMBOL, change, level

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

UNMARKED = BuiltIn(read_marks("150", "50", '{"BTC-USDT": {}, "ETH": {}}'), "crossing")


@pytest.fixture
def book(dynamodb: DynamoDBClient, tables: Tables) -> Rulebook:
    return Rulebook(dynamodb, tables.rules, UNMARKED)


def ids(book: Rulebook, symbol: str = SYMBOL, *, now_ms: int = NOON_MS) -> list[str]:
    return [rule.rule_id for rule in book.of([symbol], now_ms=now_ms)[symbol]]


def of_all(rule: Rule) -> Rule:
    return read_rule({**rule.row(), "symbol": "*"})


def test_the_rules_of_a_symbol_and_of_all_are_read(
    book: Rulebook, tables: Tables
) -> None:
    full = level(
        above="1e-24",
        rearm_pct="0.25",
        channels=["ops"],
        note="sell",
        expires_at="2030-01-01",
    )
    tables.put_rule(full)
    tables.put_rule(of_all(change()))

    found = book.of([SYMBOL, "ETH"], now_ms=NOON_MS)

    assert found == {SYMBOL: [full, of_all(change())], "ETH": [of_all(change())]}


def test_rules_are_read_again_after_some_seconds_and_not_before(
    book: Rulebook, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    book.of([SYMBOL, "ETH"], now_ms=NOON_MS)
    tables.put_rule(level())

    with counting(dynamodb) as calls:
        early = ids(book, now_ms=NOON_MS + 4_999)
        later = ids(book, now_ms=NOON_MS + 5_000)

    assert (early, later) == ([], ["dear"])
    assert calls == {"ExecuteStatement": 1}


def test_a_rule_that_expires_is_gone_without_reading(
    book: Rulebook, tables: Tables
) -> None:
    tables.put_rule(level(expires_at=NOON_MS + 1_000))

    assert ids(book) == ["dear"]
    assert ids(book, now_ms=NOON_MS + 1_000) == []


def test_many_symbols_are_read_in_few_calls(
    book: Rulebook, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    tables.put_rule(change())
    symbols = [f"S{n}" for n in range(98)]

    with counting(dynamodb) as calls:
        found = book.of([*symbols, SYMBOL], now_ms=NOON_MS)

    assert calls == {"ExecuteStatement": 2}
    assert found[SYMBOL] == [change()]
    assert len(found) == 99


def test_every_page_is_read(
    dynamodb: DynamoDBClient, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[Any] = []

    def one_row(**request: Any) -> Any:
        pages.append(dynamodb.execute_statement(**request, Limit=1))
        return pages[-1]

    client: Any = Wrapped(dynamodb, execute_statement=one_row)
    tables.put_rule(change("a"))
    tables.put_rule(change("b"))
    tables.put_rule(of_all(change("c")))

    assert ids(Rulebook(client, tables.rules, UNMARKED)) == ["a", "b", "c"]
    assert max(len(page["Items"]) for page in pages) == 1


def test_a_malformed_row_is_told_of_once_and_breaks_no_other_rule(
    book: Rulebook,
    tables: Tables,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad: Any = {
        "symbol": {"S": SYMBOL},
        "rule_id": {"S": "bad"},
        "kind": {"S": "level"},
        "above": {"B": b"ten"},
    }
    tables.put_rule(level())
    dynamodb.put_item(TableName=tables.rules, Item=bad)

    found = [ids(book), ids(book, now_ms=NOON_MS + 6_000)]
    (line,) = lines_written(capsys, level="ERROR")
    dynamodb.put_item(TableName=tables.rules, Item={**bad, "above": {"S": "ten"}})
    ids(book, now_ms=NOON_MS + 12_000)
    (changed,) = lines_written(capsys, level="ERROR")

    assert found == [["dear"], ["dear"]]
    assert (line["message"], line["symbol"]) == ("rule refused", SYMBOL)
    assert line["rule_id"] == "bad"
    assert line["reason"].endswith("is no decimal number")
    assert changed["reason"] == "above: 'ten' is no decimal number"


@pytest.fixture
def at_most_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.data_processor.rulebook.MOST_RULES", 2)
    monkeypatch.setattr("services.rules.applying.MOST_RULES", 2)


@pytest.mark.usefixtures("at_most_two")
def test_a_rule_beyond_the_most_of_a_symbol_is_reported_once_for_each_version(
    book: Rulebook, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.put_rule(change("a"))
    tables.put_rule(change("b"))
    tables.put_rule(change("c"))

    found = [ids(book), ids(book, now_ms=NOON_MS + 6_000)]
    (line,) = lines_written(capsys, level="ERROR")
    tables.put_rule(change("c", change_pct=7))
    ids(book, now_ms=NOON_MS + 12_000)
    (changed,) = lines_written(capsys, level="ERROR")

    assert found == [["a", "b"], ["a", "b"]]
    assert line["message"] == changed["message"] == "rule refused"
    assert (line["symbol"], line["rule_id"]) == (SYMBOL, "c")
    assert line["reason"] == f"2 other rules judge {SYMBOL}, which is the most"


@pytest.mark.usefixtures("at_most_two")
def test_a_rule_of_all_that_is_one_too_many_is_reported_once_for_all_symbols(
    book: Rulebook, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.put_rule(change("a", symbol="ETH"))
    tables.put_rule(of_all(change("b")))
    tables.put_rule(of_all(change("c")))
    tables.put_rule(of_all(change("d")))

    found = [ids(book), ids(book, "ETH")]

    lines = lines_written(capsys, level="ERROR")
    assert found == [["b", "c"], ["a", "b"]]
    assert [(line["symbol"], line["rule_id"]) for line in lines] == [
        ("*", "d"),
        ("*", "c"),
    ]
