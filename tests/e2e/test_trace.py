"""`bin/tidemark trace` and `tail`: what they show of real requests."""

from typing import Any

import pytest

from infra.settings import Settings
from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_id
from tests.e2e.pipeline import Pipeline
from tidemark.commands import logs as log_command
from tidemark.commands.options import now_ms
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine.progress import Silent
from tidemark.stored.log_events import Logs
from tidemark.tracing import documents
from tidemark.tracing.sources import Sources
from tidemark.tracing.stream import Filter, Stream
from tidemark.tracing.trace import build

HOUR_MS = 3_600_000


class Tracer:
    """The tool on the environment under test."""

    def __init__(self, settings: Settings) -> None:
        environment = Environment(settings)
        self.deployed = Deployed.of(environment)
        self.logs = Logs(environment.clients.logs, settings)

    def trace(self, request_id: str) -> dict[str, Any]:
        """The trace as `--json` prints it."""
        sources = Sources.of(self.deployed, self.logs, Silent())
        since_ms = now_ms() - HOUR_MS
        evidence = sources.evidence(request_id, since_ms=since_ms, now_ms=now_ms())
        return documents.document(build(evidence))

    def complete(self, request_id: str) -> dict[str, Any]:
        """The same, of which nothing may be pending."""
        found = self.trace(request_id)
        assert found["hops"], "nothing is logged yet"
        assert found["complete"], found
        return found

    def tail(self, **chosen: str) -> list[str]:
        """The names of the hops of the last hour."""
        functions = [n for n in log_command.functions() if n != "log-forwarder"]
        stream = Stream.of(
            self.deployed,
            self.logs,
            functions,
            since_ms=now_ms() - HOUR_MS,
            chosen=Filter(**chosen),
        )
        return [each.name for each in stream.poll()]


@pytest.fixture
def tracer(pipeline: Pipeline, settings: Settings) -> Tracer:
    return Tracer(settings)


def hops(part: dict[str, Any]) -> list[str]:
    return [each["hop"] for each in part["hops"]]


def test_an_accepted_tick_is_traced_to_its_notification(
    pipeline: Pipeline, tracer: Tracer, symbol: str
) -> None:
    request_id = pipeline.send({"symbol": symbol, "price": pipeline.marks.above})
    eventually(lambda: pipeline.notified_alerts(symbol))

    trace = eventually(lambda: tracer.complete(request_id))

    [tick] = trace["ticks"]
    assert hops(trace) == ["received", "processed"]
    delays = [each["since_received_ms"] for each in tick["hops"]]
    assert min(delays) >= 0
    assert hops(tick) == [
        "stored",
        "enriched",
        "forwarded",
        "judged",
        "alert",
        "notified",
    ]
    shown = tracer.tail(symbol=symbol)
    assert sorted(shown) == ["alert", "forwarded", "judged", "notified", "stored"]


def test_a_rejected_tick_is_traced_to_its_reason_which_stays_in_the_queue(
    pipeline: Pipeline, tracer: Tracer, symbol: str
) -> None:
    request_id = pipeline.send([{"symbol": symbol, "price": "-1"}])

    trace = eventually(lambda: tracer.complete(request_id))

    [rejected] = [each for each in trace["hops"] if each["hop"] == "rejected"]
    assert rejected["reason"] == "price: '-1' is not from 1e-24 to 1e24"
    assert rejected["queue"] == "webhook-processor-dlq"
    assert eventually(
        lambda: pipeline.mailboxes["webhook_processor_dlq"].find(request_id)
    )


def test_a_duplicate_is_traced_to_the_request_that_stored_it(
    pipeline: Pipeline, tracer: Tracer, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": pipeline.marks.between(1)[0], "trade_id": 1}
    timed = {**tick, "timestamp": "2024-03-01T12:00:00Z"}
    first = pipeline.send(timed)
    eventually(lambda: pipeline.enriched(symbol, count=1))
    second = pipeline.send(timed)

    trace = eventually(lambda: tracer.complete(second))

    [duplicate] = [each for each in trace["hops"] if each["hop"] == "duplicate"]
    assert duplicate["stored_by"] == {first: 1}
    assert trace["ticks"] == []


def test_a_late_tick_is_a_hop_of_the_ticks_that_it_corrects(
    pipeline: Pipeline, tracer: Tracer, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": pipeline.marks.between(1)[0], "trade_id": 1}
    request_id = pipeline.send({**tick, "timestamp": "2024-03-01T12:00:00Z"})
    eventually(lambda: pipeline.enriched(symbol, count=1))
    pipeline.send({**tick, "timestamp": "2024-03-01T11:00:00Z"})
    eventually(lambda: pipeline.enriched(symbol, count=2))

    corrected = eventually(
        lambda: "corrected" in hops(tracer.complete(request_id)["ticks"][0])
    )

    assert corrected


def test_a_request_that_was_never_sent_is_not_found(tracer: Tracer) -> None:
    trace = tracer.trace(new_id())

    assert (trace["hops"], trace["ticks"]) == ([], [])
