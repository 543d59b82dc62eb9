from decimal import Decimal

import pytest

from tidemark.terminal.visible import indented, shown, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("BTC-USD", "BTC-USD"),
        ("币安人生 ü [red]x[/red]", "币安人生 ü [red]x[/red]"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eDSU\u200b\u2028", "\\u202eDSU\\u200b\\u2028"),
        ("\ud800", "\\ud800"),
    ],
)
def test_text_shows_each_character_that_would_act_or_hide(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_lines_of_one_event_cannot_pass_for_events_of_their_own() -> None:
    assert indented("first\n2026 ERROR\x1b", "  ") == "first\n  2026 ERROR\\x1b"


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+125"), "1E+125"),
        (Decimal("1" * 38), "1" * 38),
        (b"\x00\xff", "AP8="),
        (bytearray(b"\x00"), "AA=="),
        ({"b", "a"}, "[a, b]"),
        ([Decimal(1), None, True], "[1, None, True]"),
        ({"a\n": {"b": "\x1b"}}, "{a\\n: {b: \\x1b}}"),
    ],
)
def test_every_type_of_value_is_one_line(value: object, seen: str) -> None:
    assert shown(value) == seen
