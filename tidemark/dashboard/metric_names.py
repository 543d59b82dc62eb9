"""The metrics that the flow is made from, by the physical names of what has them."""

from collections.abc import Callable, Iterator

from tidemark.dashboard.alarms import Name
from tidemark.dashboard.hops import (
    ENRICHER,
    FORWARDER,
    FUNCTIONS,
    NOTIFIER,
    PROCESSOR,
    QUEUES,
    WEBHOOK,
)

OWN = {
    WEBHOOK: ("TicksReceived", "TicksAccepted", "TicksRejected"),
    ENRICHER: ("RecordsReceived", "RecordsFailed", "TicksEnriched", "TicksCorrected"),
    PROCESSOR: ("RecordsReceived", "RecordsFailed", "AlertsRaised"),
    NOTIFIER: ("RecordsReceived", "RecordsFailed", "DeliveriesDone"),
    FORWARDER: ("LinesForwarded",),
}


def errors(physical: Callable[[str], str]) -> list[Name]:
    """Failed invocations: the only ones that no log counts."""
    return [("AWS/Lambda", "Errors", physical(name)) for name in FUNCTIONS]


def every(physical: Callable[[str], str]) -> list[Name]:
    """All of them."""
    return [*errors(physical), *_others(physical)]


def _others(physical: Callable[[str], str]) -> Iterator[Name]:
    for function, metrics in OWN.items():
        for metric in metrics:
            yield "Tidemark", metric, physical(function)
        for metric in ("Invocations", "Duration"):
            yield "AWS/Lambda", metric, physical(function)
    yield "AWS/ApiGateway", "Count", physical("webhooks")
    yield "AWS/Lambda", "AsyncEventAge", physical(WEBHOOK)
    yield "AWS/Lambda", "IteratorAge", physical(ENRICHER)
    for queue in QUEUES:
        yield "AWS/SQS", "ApproximateAgeOfOldestMessage", physical(queue)
