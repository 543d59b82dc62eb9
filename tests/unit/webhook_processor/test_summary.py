from services.market.quarantine import Rejection
from services.webhook_processor import summary
from services.webhook_processor.prices import Inserted
from services.webhook_processor.response import Response
from services.webhook_processor.summary import MOST_FIELDS
from tests.unit.webhook_processor.builders import RECEIVED_AT_MS, posted, read, trade

SECRET = "hunter2"


def lines(inserted: Inserted, *rejections: Rejection) -> list[summary.Fields]:
    accepted, duplicates = len(inserted.accepted), len(inserted.duplicates)
    response = Response(accepted, duplicates, rejections, "request-1")
    return summary.lines(response, inserted, posted([]))


def test_a_request_is_summarised_by_its_counts_and_keys() -> None:
    old, new = read([trade(), trade(trade_id=2)])

    (line,) = lines(Inserted(accepted=[new], duplicates=[old]))

    assert line == {
        "accepted": 1,
        "duplicates": 1,
        "rejected": 0,
        "ignored": 0,
        "received_at": RECEIVED_AT_MS,
        "stored": [{"symbol": "BTC-USDT", "count": 1, "first": new.timestamp}],
        "duplicate": [{"symbol": "BTC-USDT", "count": 1, "first": old.timestamp}],
    }


def test_of_a_reason_only_the_field_is_logged() -> None:
    bad = Rejection(f"price: '{SECRET}' is no decimal number", SECRET)
    conflict = Rejection("conflict", SECRET)

    (line,) = lines(Inserted(), bad, conflict, bad)

    assert line["rejected_fields"] == {"price": 2, "conflict": 1}
    assert SECRET not in str(line)


def test_only_the_most_frequent_fields_are_named() -> None:
    others = [Rejection(f"field{n}: bad", "") for n in range(MOST_FIELDS)]

    (line,) = lines(Inserted(), *others, Rejection("a: bad", ""), Rejection("a: x", ""))

    assert len(line["rejected_fields"]) == MOST_FIELDS
    assert line["rejected_fields"]["a"] == 2


def test_counts_are_in_the_first_line_alone() -> None:
    ticks = read([trade(symbol=f"S{n:03}") for n in range(21)])

    _, second = lines(Inserted(accepted=ticks))

    assert second.keys() == {"part", "stored"}
