"""The requests of the services for people, whatever a sender wrote."""

import html.parser
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.channels.alert import Alert
from services.channels.answer import Answer, Outcome
from services.channels.wording import units
from tests.unit.channels.builders import NOW_MS, TOKEN, alert, channel, message

MARKUP = "<!channel> @everyone <@123> *b* _i_ `c` [l](http://x) &amp; <b>x</b> ~s~ |s|"
EMOJI = "👩‍👩‍👧‍👦" * 64
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def hostile(text: str) -> Alert:
    names = ("symbol", "exchange", "rule_id", "request_id", "price", "suppressed")
    return replace(alert(), fields={**alert().fields, **dict.fromkeys(names, text)})


def body(kind: str, *alerts: Alert) -> dict[str, Any]:
    request = channel(kind).request(message(*alerts), now_ms=NOW_MS)
    return dict(json.loads(request.body))


def sections(*alerts: Alert) -> list[str]:
    return [block["text"]["text"] for block in body("slack", *alerts)["blocks"]]


def test_slack_gets_a_section_for_each_alert_and_a_text_for_notifications() -> None:
    given = body("slack", alert(symbol="A_B"), alert(symbol="C"))

    assert given["text"] == "▲ A_B is above 150: 150.2 and 1 more"
    assert [block["text"]["text"] for block in given["blocks"]] == [
        "*2 alerts*",
        "*▲ `A_B` is above 150: 150.2*",
        "*▲ `C` is above 150: 150.2*",
    ]
    assert {block["type"] for block in given["blocks"]} == {"section"}
    assert given["blocks"][0]["text"]["verbatim"] is True


def test_slack_text_of_one_alert_is_its_headline() -> None:
    assert body("slack")["text"] == "▲ BTC-USDT is above 150: 150.2"


@given(TEXTS)
def test_nothing_that_a_sender_writes_is_markup_for_slack(text: str) -> None:
    given = body("slack", hostile(text + MARKUP))

    for shown in (given["text"], given["blocks"][0]["text"]["text"]):
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", shown)
    # All that a sender wrote is in code, which no backtick of it ends.
    outside = re.sub(r"`[^`]*`", "", given["blocks"][0]["text"]["text"])
    assert "everyone" not in outside and "*b*" not in outside


def test_slack_gets_50_blocks_of_3000_characters_at_most() -> None:
    found = sections(*[hostile("&" * 300)] * 100)

    assert len(found) == 50
    assert max(map(units, found)) <= 3000
    assert found[0] == "*100 alerts*"
    assert found[-1] == "and 52 more"


def test_discord_is_told_to_notify_nobody() -> None:
    given = body("discord", hostile(MARKUP))

    assert given["allowed_mentions"] == {"parse": []}
    assert given["flags"] == 4


@given(TEXTS)
def test_nothing_that_a_sender_writes_is_markup_for_discord(text: str) -> None:
    content = body("discord", hostile(text + MARKUP))["content"]

    ours = content.replace("**", "", 2)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|<>#@:\[\]]", _without_ours(ours))


def _without_ours(content: str) -> str:
    """Without the colons that the wording has."""
    return re.sub(r"(?<=150): ", " ", content)


@pytest.mark.parametrize("text", ["BTC-USDT", "*" * 300, EMOJI])
def test_discord_gets_2000_characters_at_most(text: str) -> None:
    content = body("discord", *[hostile(text)] * 100)["content"]

    assert units(content) <= 2000
    assert content.startswith("**100 alerts**")
    assert content.endswith(" more")


class Tags(html.parser.HTMLParser):
    """The tags of a text, and what is outside of <code>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.free = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["code"]:
            self.free += data


@given(TEXTS)
def test_nothing_that_a_sender_writes_is_markup_for_telegram(text: str) -> None:
    given = body("telegram", hostile(text + MARKUP))

    read = Tags(given["text"])

    assert given["parse_mode"] == "HTML"
    assert set(read.tags) == {"b", "/b", "code", "/code"}
    assert "@" not in read.free and "http" not in read.free


@pytest.mark.parametrize("text", ["BTC-USDT", "&" * 300, EMOJI])
def test_telegram_gets_4096_characters_at_most(text: str) -> None:
    content = body("telegram", *[hostile(text)] * 100)["text"]

    assert units(content) <= 4096
    assert content.startswith("<b>100 alerts</b>")


def test_several_alerts_are_a_line_each() -> None:
    two = (alert(symbol="A"), alert(symbol="B"))

    assert body("telegram", *two)["text"].splitlines() == [
        "<b>2 alerts</b>",
        "<b>▲ <code>A</code> is above 150: 150.2</b>",
        "<b>▲ <code>B</code> is above 150: 150.2</b>",
    ]
    assert body("discord", *two)["content"].splitlines() == [
        "**2 alerts**",
        "**▲ A is above 150: 150.2**",
        "**▲ B is above 150: 150.2**",
    ]


def test_telegram_is_addressed_by_the_bots_token_and_shows_no_preview() -> None:
    request = channel("telegram").request(message(), now_ms=NOW_MS)

    assert request.url == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    assert body("telegram")["chat_id"] == "-1001"
    assert body("telegram")["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("kind", "answer", "outcome", "reason", "wait_s"),
    [
        (
            "slack",
            Answer(200, {}, "ok"),
            Outcome.DELIVERED,
            "it answered 200: ok",
            0,
        ),
        (
            "slack",
            Answer(404, {}, "no_service"),
            Outcome.GIVEN_UP,
            "it answered 404: no_service",
            0,
        ),
        (
            "slack",
            Answer(429, {"retry-after": "30"}, "rate_limited"),
            Outcome.RETRY,
            "it answered 429: rate_limited",
            30,
        ),
        ("discord", Answer(204, {}, ""), Outcome.DELIVERED, "it answered 204", 0),
        (
            "discord",
            Answer(404, {}, '{"message": "Unknown Webhook", "code": 10015}'),
            Outcome.GIVEN_UP,
            "it answered 404: Unknown Webhook",
            0,
        ),
        (
            "discord",
            Answer(429, {}, '{"message": "slow", "retry_after": 64.57}'),
            Outcome.RETRY,
            "it answered 429: slow",
            65,
        ),
        (
            "discord",
            Answer(400, {}, '{"content": ["too long"]}'),
            Outcome.GIVEN_UP,
            'it answered 400: {"content": ["too long"]}',
            0,
        ),
        (
            "telegram",
            Answer(200, {}, '{"ok": true, "result": {"text": "…"}}'),
            Outcome.DELIVERED,
            "it answered 200",
            0,
        ),
        (
            "telegram",
            Answer(
                429,
                {},
                '{"ok": false, "description": "Too Many Requests: retry after 5",'
                ' "parameters": {"retry_after": 5}}',
            ),
            Outcome.RETRY,
            "it answered 429: Too Many Requests: retry after 5",
            5,
        ),
        (
            "telegram",
            Answer(
                400,
                {},
                '{"ok": false, "description": "upgraded",'
                ' "parameters": {"migrate_to_chat_id": -100}}',
            ),
            Outcome.GIVEN_UP,
            "it answered 400: upgraded (its chat_id is now -100)",
            0,
        ),
        (
            "telegram",
            Answer(502, {}, "<html>"),
            Outcome.RETRY,
            "it answered 502",
            0,
        ),
        (
            "telegram",
            Answer(502, {}, '{"description": 7, "parameters": []}'),
            Outcome.RETRY,
            'it answered 502: {"description": 7, "parameters": []}',
            0,
        ),
        ("webhook", Answer(202, {}, ""), Outcome.DELIVERED, "it answered 202", 0),
        ("webhook", Answer(410, {}, ""), Outcome.GIVEN_UP, "it answered 410", 0),
    ],
)
def test_each_service_is_understood_in_its_own_words(
    kind: str, answer: Answer, outcome: Outcome, reason: str, wait_s: int
) -> None:
    result = channel(kind).read(answer, now_ms=NOW_MS)

    assert (result.outcome, result.reason, result.wait_s) == (outcome, reason, wait_s)


@pytest.mark.parametrize("body", ["[]", "7", "[" * 100_000, '{"retry_after": 1e999}'])
def test_an_answer_of_another_form_is_judged_by_its_status(body: str) -> None:
    result = channel("discord").read(Answer(503, {}, body), now_ms=NOW_MS)

    assert result.outcome is Outcome.RETRY
