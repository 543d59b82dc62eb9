import json
from contextlib import closing

from rich.console import Console

from services.rules.rule import Rule
from tests.unit.rules.builders import SYMBOL, change, every_second, level
from tidemark.rules import trial, trial_tables
from tidemark.rules.ticks import Ticks
from tidemark.rules.trial import Trial


def tried(rule: Rule, *prices: int, step: int = 60) -> Trial:
    with closing(Ticks()) as ticks:
        for point in every_second(prices, step=step):
            ticks.add(SYMBOL, point.timestamp, point.price)
        return trial.run(rule, ticks, SYMBOL)


def shown(found: Trial) -> str:
    console = Console(width=100)
    with console.capture() as printed:
        console.print(trial_tables.firings([found]))
        console.print(trial_tables.counts([found]))
        console.print(trial_tables.drawing(found, width=100))
    return printed.get()


def test_what_would_have_fired_is_a_line_and_a_triangle() -> None:
    text = shown(tried(level(), 140, 151, 152, 140, 155))

    first, second, *_ = text.splitlines()[1:]
    assert first.split() == [
        "2024-03-01",
        "12:01:00",
        "HIGH",
        SYMBOL,
        "151",
        "150",
        "0",
    ]
    assert second.split()[4:] == ["155", "150", "1"]
    assert f"{SYMBOL}     5     2         1" in text
    assert text.count("▲") == 2
    assert "150┤" in text


def test_a_move_is_told_with_the_price_that_it_is_compared_with() -> None:
    text = shown(tried(change(window_s=60), 100, 106))

    assert "UP   BTC-USDT   106 5 % of 100" in text


def test_a_far_mark_does_not_flatten_the_chart() -> None:
    text = shown(tried(level(above=190), 100, 105, 110))

    assert "190" not in text
    assert "107.5┤" in text


def test_json_has_the_rule_and_all_firings() -> None:
    rule = level()

    found = json.loads(trial_tables.as_json(rule, [tried(rule, 151, 140, 155)]))

    assert found["rule"]["above"] == "150"
    [symbol] = found["symbols"]
    assert (symbol["ticks"], symbol["fired"], symbol["held_back"]) == ("3", "2", "0")
    assert symbol["from"] == "2024-03-01T12:00:00.000Z"
    assert [f["price"] for f in symbol["firings"]] == ["151", "155"]
    assert symbol["firings"][1]["previous_price"] == "151"
