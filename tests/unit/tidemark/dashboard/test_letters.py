import shlex

import pytest

from tidemark.dashboard.letters import command, grouped
from tidemark.dead_letters.entry import Entry


def entry(
    sent_ms: int, reason: str = "price: is no decimal", body: str = "{}"
) -> Entry:
    return Entry(
        *("webhook-processor-dlq", f"id-{sent_ms}", "rejection", reason),
        symbol="BTC-USD",
        sent_ms=sent_ms,
        body=body,
        count=2,
    )


def test_entries_with_the_same_reason_are_one_group() -> None:
    first, second = grouped([entry(1000), entry(3000), entry(2000, "conflict")])

    assert (first.reason, first.messages, first.count) == ("conflict", 1, 2)
    assert (second.messages, second.count) == (2, 4)
    assert (second.oldest[17:19], second.newest[17:19]) == ("01", "03")
    assert [each["id"] for each in second.entries] == ["id-3000", "id-1000"]


def test_a_long_body_is_cut_and_its_command_shows_all_of_it() -> None:
    [group] = grouped([entry(1000, body="x" * 5000)])

    [shown] = group.entries
    assert (len(shown["body"]), shown["cut"]) == (4000, True)
    assert shown["whole"] == "make dlq ID=id-1000"


@pytest.mark.parametrize(
    "reason",
    [
        "conflict",
        "price: 'abc' is no decimal number",
        "tick: $(touch x) `y` ; \\",
        "a 'b' \"c\" $d",
    ],
)
def test_a_command_to_copy_names_the_reason_whatever_the_sender_wrote(
    reason: str,
) -> None:
    words = shlex.split(command("market-data-dlq", "message", reason))

    assert words[2:] == [
        *("QUEUE=market-data-dlq", "KIND=message", f"REASON={reason}"),
    ]


def test_a_reason_with_an_apostrophe_stays_readable() -> None:
    assert command("q", "k", "price: 'abc'").endswith("REASON=\"price: 'abc'\"")


@pytest.mark.parametrize("reason", ["symbol\n: rm", "\x1b[31m", "币"])
def test_what_is_no_plain_text_gets_into_no_command(reason: str) -> None:
    [group] = grouped([entry(1000, reason)])

    assert (group.look, group.send) == ("", "")
