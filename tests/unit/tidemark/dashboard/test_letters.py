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

    assert (first.reason, first.count) == ("conflict", 2)
    assert (second.count, second.oldest[17:19], second.newest[17:19]) == (4, "01", "03")
    assert [each["id"] for each in second.entries] == ["id-3000", "id-1000"]


def test_a_long_body_is_cut_and_its_command_shows_all_of_it() -> None:
    [group] = grouped([entry(1000, body="x" * 5000)])

    [shown] = group.entries
    assert (len(shown["body"]), shown["cut"]) == (4000, True)
    assert shown["whole"] == "make dlq ID=id-1000"


@pytest.mark.parametrize(
    ("reason", "chosen"),
    [
        ("conflict", ["REASON=conflict"]),
        ("price: 'abc' is no decimal number", ["REASON=price:"]),
        ("tick: $(touch x) `y` ;", ["REASON=tick: $(touch x) `y` ;"]),
        ("symbol\n: rm", []),
        ("\x1b[31m", []),
        ("", []),
    ],
)
def test_a_command_to_copy_is_safe_whatever_the_sender_wrote(
    reason: str, chosen: list[str]
) -> None:
    words = shlex.split(command("market-data-dlq", "message", reason))

    assert words == ["make", "dlq", "QUEUE=market-data-dlq", "KIND=message", *chosen]
