import json
from decimal import Decimal
from typing import Any

import pytest

from tidemark.stored.log_events import Line
from tidemark.tracing import hop, log_lines, wording
from tidemark.tracing.hop import Hop, Span

AT_MS = 1_709_294_401_250
BTC, LAST = "1709294400123.5", "1709294400999.5"


def hops(function: str = "webhook-processor-dev", **fields: Any) -> list[Hop]:
    text = json.dumps({"level": "INFO", **fields})
    return log_lines.hops(Line(AT_MS, function, text))


def test_a_line_of_several_outcomes_has_a_hop_for_each_span() -> None:
    stored = {"symbol": "BTC", "count": 2, "first": BTC, "last": LAST}
    duplicate = {"symbol": "%45RROR", "count": 1, "first": BTC}

    found = hops(
        message="request processed",
        request_id="r",
        received_at=AT_MS - 500,
        accepted=2,
        stored=[stored],
        duplicate=[duplicate],
    )

    one = Span.of("ERROR", Decimal(BTC))
    two = Span("BTC", Decimal(BTC), Decimal(LAST), 2)
    assert found == [
        Hop(hop.RECEIVED, AT_MS - 500, None, ("r",)),
        Hop(hop.PROCESSED, AT_MS, None, ("r",), {"accepted": 2}),
        Hop(hop.STORED, AT_MS, two, ("r",)),
        Hop(hop.DUPLICATE, AT_MS, one, ("r",)),
    ]


def test_a_further_line_of_a_request_only_adds_spans() -> None:
    span = {"symbol": "BTC", "count": 1, "first": BTC}

    (stored,) = hops(message="request processed", request_id="r", part=2, stored=[span])

    assert stored.name == hop.STORED


def test_a_batch_that_failed_says_which_function_will_retry_it() -> None:
    span = {"symbol": "BTC", "count": 1, "first": BTC}

    (failed,) = hops(
        "price-enricher-dev",
        message="records enriched",
        failed=[span],
        request_ids=["a", "b"],
    )

    assert (failed.name, failed.state) == (hop.FAILED, "failed")
    assert failed.request_ids == ("a", "b")
    assert wording.describe(failed) == "price-enricher-dev: will be retried"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[ERROR] Unavailable: INSERT refused\nTraceback", "Unavailable: INSERT"),
        ("2024-03-01T12:00:00Z 7f4a Task timed out after 60.00 seconds", "timed out"),
        (
            '{"level": "ERROR", "message": "refused", "code": "Denied"}',
            "refused Denied",
        ),
        ('{"level": "CRITICAL", "message": ""}', "f: "),
    ],
)
def test_a_line_that_reports_an_error_is_a_failure(text: str, reason: str) -> None:
    (failed,) = log_lines.hops(Line(AT_MS, "f", text))

    assert failed.state == "failed"
    assert reason in wording.describe(failed)
    assert "Traceback" not in wording.describe(failed)


@pytest.mark.parametrize(
    "text",
    [
        "START RequestId: 7f4a Version: $LATEST",
        '{"_aws": {}, "TicksReceived": [1]}',
        '{"level": "INFO", "message": "something else", "stored": 5}',
        '{"level": "INFO", "message": "rows corrected"}',
        "[1, 2]",
        "5",
        "",
    ],
)
def test_any_other_line_tells_of_no_hop(text: str) -> None:
    assert log_lines.hops(Line(AT_MS, "f", text)) == []


def test_a_line_about_several_alerts_of_a_channel_is_a_hop_for_each() -> None:
    first, second = hops(
        "notifier-dev",
        level="WARNING",
        message="delivery waits",
        channel="team",
        attempts=2,
        reason="it answered 503",
        alert_ids=["a", "b"],
    )

    assert (first.details["alert_id"], second.details["alert_id"]) == ("a", "b")
    assert (first.name, first.state) == (hop.CHANNEL, "failed")
    assert wording.describe(first) == (
        "team will be retried at attempt 2: it answered 503"
    )


def test_an_alert_published_by_earlier_code_has_no_row() -> None:
    (published,) = hops(message="alert published", alert_id="a", request_id="r")

    assert (published.name, published.span) == (hop.NOTIFIED, None)
