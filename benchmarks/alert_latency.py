"""How long it takes on an idle system from a webhook to its alert's notification."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import ceil
from uuid import uuid4

from benchmarks.load import Send, SentTick
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients

LONGEST_S = 60
MOST_PAUSE_S = 0.5
# Not counted: the functions start.
WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of the latencies of so many webhooks, in seconds."""

    samples: int
    p50: float
    p95: float
    p99: float


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """Return the smallest values that so many per cent do not exceed."""
    ordered = sorted(seconds)
    p50, p95, p99 = (ordered[ceil(len(ordered) * n / 100) - 1] for n in (50, 95, 99))
    return Percentiles(len(ordered), p50, p95, p99)


def measure(
    clients: Clients,
    topic: str,
    send: Send,
    price: str,
    samples: int,
    sampled: Callable[[int], None],
) -> Percentiles:
    """Send webhooks of one tick at random moments, each of a new symbol at a price that
    raises an alert, and wait for the notification of each.
    """
    run = uuid4().hex[:8].upper()
    seconds = []
    with subscribed(clients, topic) as queue:
        for number in range(-WARM_UP, samples):
            time.sleep(random.uniform(0, MOST_PAUSE_S))
            tick = SentTick(
                f"BENCH-{run}-A{number + WARM_UP}", price, time.time_ns(), 0
            )
            begin = time.monotonic()
            send([tick])
            await_notification(clients, queue, tick.symbol)
            seconds.append(time.monotonic() - begin)
            sampled(max(0, number + 1))
    return percentiles(seconds[WARM_UP:])


@contextmanager
def subscribed(clients: Clients, topic: str) -> Iterator[str]:
    """Yield the URL of a queue that receives the topic's notifications."""
    sqs, sns = clients.sqs, clients.sns
    with ExitStack() as removal:
        url = sqs.create_queue(QueueName=f"bench-{uuid4().hex[:8]}")["QueueUrl"]
        removal.callback(sqs.delete_queue, QueueUrl=url)
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        subscription = sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn["Attributes"]["QueueArn"],
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        removal.callback(sns.unsubscribe, SubscriptionArn=subscription)
        yield url


def await_notification(clients: Clients, queue: str, symbol: str) -> None:
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        received = clients.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)
        for message in received.get("Messages", []):
            clients.sqs.delete_message(
                QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"]
            )
            alert = json.loads(json.loads(message["Body"])["Message"])
            if alert["symbol"] == symbol:
                return
    raise ToolError(f"The alert of {symbol} was not published in {LONGEST_S} s.")
