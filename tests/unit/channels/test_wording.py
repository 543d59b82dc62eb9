from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.channels.alert import Alert
from services.channels.wording import Markup, headline, lines, units
from tests.unit.channels.builders import NOW_MS, alert

PLAIN = Markup(name=lambda text: f"[{text}]", bold=lambda text: f"*{text}*")


def told(*alerts: Alert, room: int = 10_000, most: int | None = None) -> list[str]:
    return lines(alerts, PLAIN, now_ms=NOW_MS, room=room, most=most)


def test_people_are_told_everything_about_an_alert() -> None:
    given = alert(
        previous_price="145.5",
        suppressed="3",
        exchange="binance",
        tick_timestamp=f"{NOW_MS - 4000}.0000",
        rule_id="high",
        request_id="7f4a",
    )

    [paragraph] = told(given)

    assert paragraph == (
        "*▲ [BTC-USDT] is above 150: 150.2*\n"
        "+3.23 % since the last alert (145.5) · 3 held back · [binance] · "
        "2025-11-25 22:06:07 UTC (4 s ago) · rule [high] · request [7f4a]"
    )


def test_an_alert_of_which_little_is_known_is_one_line() -> None:
    assert told(alert()) == ["*▲ [BTC-USDT] is above 150: 150.2*"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("HIGH", "▲ BTC-USDT is above 150: 150.2"),
        ("LOW", "▼ BTC-USDT is below 150: 150.2"),
        ("TEST", "● This is a test: Tidemark can send alerts here"),
        ("ODD", "● ODD BTC-USDT 150: 150.2"),
    ],
)
def test_the_headline_says_what_happened(kind: str, text: str) -> None:
    assert headline(alert(alert_type=kind), str) == text


@pytest.mark.parametrize(
    ("kind", "reference", "text"),
    [
        ("UP", "100", "▲ BTC-USDT +50.2 % in 300 s: 100 → 150.2"),
        ("DOWN", "300.4", "▼ BTC-USDT -50 % in 300 s: 300.4 → 150.2"),
        ("UP", "", "▲ BTC-USDT ? % in 300 s: ? → 150.2"),
    ],
)
def test_the_headline_of_a_change_says_how_much_in_which_time(
    kind: str, reference: str, text: str
) -> None:
    given = alert(alert_type=kind, reference_price=reference, window_s="300")

    assert headline(given, str) == text


def test_what_is_missing_is_a_question_mark() -> None:
    given = Alert({"alert_id": "9f", "symbol": "BTC"})

    assert headline(given, str) == "● ? BTC ?: ?"


@pytest.mark.parametrize(
    ("price", "previous", "change"),
    [
        ("150", "100", "+50 %"),
        ("50", "100", "-50 %"),
        ("100", "100", "+0 %"),
        ("0.000001", "0.000003", "-66.7 %"),
    ],
)
def test_the_change_has_three_digits_and_a_sign(
    price: str, previous: str, change: str
) -> None:
    [paragraph] = told(alert(price=price, previous_price=previous))

    assert f"\n{change} since the last alert ({previous})" in paragraph


@pytest.mark.parametrize(
    ("price", "previous"), [("150", "0"), ("150", "low"), ("high", "100")]
)
def test_a_change_that_cannot_be_told_is_left_out(price: str, previous: str) -> None:
    [paragraph] = told(alert(price=price, previous_price=previous))

    assert "since" not in paragraph


def test_none_held_back_is_not_worth_a_word() -> None:
    assert told(alert(suppressed="0")) == told(alert())


@pytest.mark.parametrize(
    ("elapsed_s", "ago"),
    [
        (-5, "0 s ago"),
        (119, "119 s ago"),
        (120, "2 min ago"),
        (7199, "119 min ago"),
        (7200, "2 h ago"),
        (172_800, "2 days ago"),
    ],
)
def test_it_is_told_how_long_ago(elapsed_s: int, ago: str) -> None:
    [paragraph] = told(alert(timestamp=str(NOW_MS - elapsed_s * 1000)))

    assert f"({ago})" in paragraph


def test_what_a_sender_wrote_goes_through_the_markup_and_can_hide_nothing() -> None:
    [paragraph] = told(alert(symbol="A\u202eB\nC", price="<b>", threshold="9" * 99))

    assert "[A\\u202eB\\nC]" in paragraph
    assert "[<b>]" in paragraph
    assert f"[{'9' * 80}…]" in paragraph


def test_several_alerts_are_counted_and_what_has_no_room_is_counted_too() -> None:
    alerts = [alert(symbol=f"S{n}") for n in range(30)]

    found = told(*alerts, room=300)

    assert found[0] == "*30 alerts*"
    assert found[1].startswith("*▲ [S0]")
    assert found[-1] == f"and {30 - len(found) + 2} more"


def test_no_more_alerts_are_shown_than_a_service_takes() -> None:
    assert len(told(*[alert()] * 30, most=5)) == 1 + 5 + 1


def test_one_alert_is_shown_however_little_room_there_is() -> None:
    assert told(alert(), room=10) == told(alert())


FIELDS = st.sampled_from(
    ["symbol", "price", "exchange", "rule_id", "reference_price", "previous_price"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(st.lists(st.dictionaries(FIELDS, TEXTS), min_size=2, max_size=40))
def test_a_message_never_has_more_than_its_room(fields: list[dict[str, str]]) -> None:
    alerts = [replace(alert(), fields={**alert().fields, **each}) for each in fields]

    found = told(*alerts, room=4096)

    assert units("\n".join(found)) <= 4096
