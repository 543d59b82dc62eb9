import pytest

from services.notifier.batch import read_batch
from services.notifier.plan import plan
from tests.unit.channels.builders import NOW_MS
from tests.unit.notifier.builders import alert_body, channels, delivery, record


def test_messages_are_alerts_or_deliveries_or_malformed() -> None:
    alert = record(alert_body("a"), "m1")
    waiting = record(delivery("desk", "b").body(), "m2")
    malformed = [record("{", "m3"), {"messageId": "m4"}]

    batch = read_batch([alert, waiting, *malformed], NOW_MS)

    assert list(batch.alerts) == ["a"]
    assert batch.waiting == [delivery("desk", "b")]
    assert batch.waiting[0].sources == (waiting,)
    assert [source for _, source in batch.malformed] == malformed
    assert [reason.split(":")[0] for reason, _ in batch.malformed] == ["body", "body"]


def test_a_message_that_raises_is_malformed_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("services.notifier.batch.read_delivery", crash)
    records = [record({"channel": "desk"}, "m1"), record(alert_body("a"), "m2")]

    batch = read_batch(records, NOW_MS)

    assert list(batch.alerts) == ["a"]
    assert batch.malformed[0][0] == "record: raised RuntimeError: a bug"


def test_an_alert_that_was_sent_twice_is_delivered_once() -> None:
    records = [record(alert_body("a"), id_) for id_ in ("m1", "m2")]

    due, _ = plan(read_batch(records, NOW_MS), channels(desk="slack"), now_ms=NOW_MS)

    assert due == [delivery("desk", "a")]
    assert due[0].sources == tuple(records)


def test_alerts_are_for_all_channels_or_for_those_that_they_name() -> None:
    records = [
        record(alert_body("a")),
        record(alert_body("b", channels=["chat", "nobody"])),
    ]
    known = channels(desk="slack", chat="discord")
    known.invalid["bad"] = "url: expected"

    due, _ = plan(read_batch(records, NOW_MS), known, now_ms=NOW_MS)

    assert [(each.channel, *(alert.id for alert in each.alerts)) for each in due] == [
        ("desk", "a"),
        ("chat", "a", "b"),
        ("bad", "a"),
        ("nobody", "b"),
    ]


def test_alerts_about_the_past_are_for_nobody() -> None:
    records = [record(alert_body("a", stale=True))]

    batch = read_batch(records, NOW_MS)

    assert plan(batch, channels(desk="slack"), now_ms=NOW_MS) == ([], [])


def test_what_a_program_gets_is_split_to_the_size_that_is_recommended() -> None:
    records = [record(alert_body(f"{n}", message="m" * 1000)) for n in range(40)]

    due, _ = plan(
        read_batch(records, NOW_MS), channels(program="webhook"), now_ms=NOW_MS
    )

    assert len(due) == 3


def test_a_delivery_is_never_due_before_its_time() -> None:
    waits = [-5, 0, 1, 50_000]
    waiting = [
        delivery("desk", str(ms), not_before_ms=NOW_MS + ms).body() for ms in waits
    ]

    due, early = plan(
        read_batch(map(record, waiting), NOW_MS), channels(), now_ms=NOW_MS
    )

    assert [each.alerts[0].id for each in due] == ["-5", "0"]
    assert [each.alerts[0].id for each in early] == ["1", "50000"]
