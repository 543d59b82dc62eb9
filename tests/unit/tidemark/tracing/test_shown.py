"""A trace as a tree and as JSON; a hop as a line."""

import json
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from tidemark.tracing import documents, hop, tree, wording
from tidemark.tracing.hop import Hop, Span
from tidemark.tracing.trace import TickTrace, Trace

NOON_MS = 1_709_294_400_000
KEY_MS, DECIMALS = 1_709_294_399_123, "4567890000341234598690281"


def span(symbol: str = "BTC-USDT", number: int = 0) -> Span:
    return Span.of(symbol, Decimal(f"{KEY_MS + number}.{DECIMALS}"))


def tick(
    number: int = 0, *more: Hop, symbol: str = "BTC-USDT", **details: Any
) -> TickTrace:
    which = span(symbol, number)
    stored = Hop(hop.STORED, NOON_MS + 700, which, details={"price": Decimal(100)})
    return TickTrace(which, [stored, *more])


def trace(*ticks: TickTrace, **details: Any) -> Trace:
    processed = Hop(hop.PROCESSED, NOON_MS + 710, details={"accepted": 1, **details})
    hops = [Hop(hop.RECEIVED, NOON_MS), processed]
    return Trace("request-1", NOON_MS, "binance", hops, [*ticks])


def drawn(shown: Trace, *, most_ticks: int = 5) -> list[str]:
    console = Console(width=200, highlight=False)
    with console.capture() as capture:
        console.print(tree.draw(shown, most_ticks=most_ticks))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_tree_shows_each_hop_with_its_delay_since_the_receipt_and_the_last_hop() -> (
    None
):
    judged = Hop(hop.JUDGED, NOON_MS + 1_700, span())

    assert drawn(trace(tick(0, judged))) == [
        "request request-1, binance, 2024-03-01 12:00:00",
        "├── ✓ received    12:00:00.000",
        "├── ✓ processed   12:00:00.710 +0.710 s (0.710 s)  "
        "1 accepted, 0 duplicates, 0 rejected, 0 ignored",
        "└── BTC-USDT 2024-03-01 11:59:59.123",
        "    ├── ✓ stored      12:00:00.700 +0.700 s (0.700 s)  at 100",
        "    └── ✓ judged      12:00:01.700 +1.700 s (1.000 s)",
    ]


def test_a_pending_hop_says_for_how_long() -> None:
    waiting = Hop(hop.ENRICHED, None, span(), state="pending", waiting_ms=12_300)

    assert drawn(trace(tick(0, waiting)))[-1] == (
        "    └── … enriched    pending for 12.300 s"
    )


def test_many_ticks_of_a_symbol_are_counted_and_the_first_are_shown() -> None:
    lines = drawn(trace(*map(tick, range(7))), most_ticks=2)

    assert lines[3] == "└── BTC-USDT: 7 ticks, 7 stored"
    assert sum("✓ stored" in line for line in lines) == 2
    assert lines[-1] == "    └── 5 more: --ticks 7 shows them"


def test_a_tick_that_is_not_done_or_raised_an_alert_is_among_those_shown() -> None:
    waiting = Hop(hop.JUDGED, None, span(), state="pending", waiting_ms=1)
    alert = Hop(hop.ALERT, NOON_MS, span(), details={"alert_type": "HIGH"})
    ticks = [tick(0), tick(1), tick(2, alert), tick(3, waiting)]

    lines = drawn(trace(*ticks), most_ticks=2)

    assert any("alert" in line and "HIGH" in line for line in lines)
    assert any("judged" in line and "pending" in line for line in lines)


def test_a_time_that_is_not_known_is_said_to_be_so() -> None:
    assert drawn(trace(tick(0, Hop(hop.ENRICHED, None, span()))))[-1] == (
        "    └── ✓ enriched    at an unknown time"
    )


def test_text_of_a_sender_cannot_move_the_cursor() -> None:
    reason = {"queue": "q", "reason": "\x1b[2J", "count": 3, "id": "i"}
    rejected = Hop(hop.REJECTED, NOON_MS, details=reason, state="failed")
    shown = Trace("\x1b[1m", NOON_MS, "", [rejected])

    lines = drawn(shown)

    assert not any("\x1b" in line for line in lines)
    assert lines[1].endswith("3: \\x1b[2J (in q)")


def test_json_has_every_hop_with_its_delays_and_every_number_of_a_tick_as_text() -> (
    None
):
    waiting = Hop(hop.ENRICHED, None, span(), state="pending", waiting_ms=12_300)

    document = json.loads(json.dumps(documents.document(trace(tick(0, waiting)))))

    assert document["request_id"] == "request-1"
    assert document["received_at"] == "2024-03-01T12:00:00.000Z"
    assert document["complete"] is False
    assert document["ticks"] == [
        {
            "symbol": "BTC-USDT",
            "timestamp": f"{KEY_MS}.{DECIMALS}",
            "hops": [
                {
                    "hop": "stored",
                    "state": "done",
                    "at": "2024-03-01T12:00:00.700Z",
                    "price": "100",
                    "since_received_ms": 700,
                    "since_previous_ms": 700,
                },
                {"hop": "enriched", "state": "pending", "waiting_ms": 12_300},
            ],
        }
    ]


def test_json_of_a_request_whose_receipt_is_unknown_has_no_delays() -> None:
    failed = Hop(hop.FAILED, NOON_MS, details={"by": "f"}, state="failed")

    document = documents.document(Trace("r", None, "", [failed]))

    assert document["received_at"] is None
    assert "since_received_ms" not in document["hops"][0]


def test_a_hop_of_the_stream_is_one_line() -> None:
    judged = Hop(hop.JUDGED, NOON_MS, span(), ("request-1", "request-2"))
    unknown = Hop(hop.CORRECTED, None, span())

    assert wording.line(judged) == (
        "12:00:00.000 judged      BTC-USDT          1  request-1 and 1 more"
    )
    assert wording.line(unknown).endswith("corrected   BTC-USDT          1  -")


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-2, "-0.002 s"),
        (119_999, "119.999 s"),
        (120_000, "2.0 min"),
        (7_200_000, "2.0 h"),
    ],
)
def test_a_span_of_time_is_shown_in_the_unit_that_suits_it(ms: int, text: str) -> None:
    assert wording.seconds(ms) == text
