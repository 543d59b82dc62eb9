"""Events that always fail end in their dead-letter queue, alone and complete."""

import json

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_id
from tests.e2e.pipeline import Pipeline


def test_a_webhook_that_always_fails_ends_unchanged_in_the_dead_letter_queue(
    pipeline: Pipeline,
) -> None:
    event = {"body_b64": "%%%", "exchange_b64": "", "request_id": new_id()}

    pipeline.invoke_later(event)

    [message] = eventually(
        lambda: pipeline.mailboxes["webhook_processor_dlq"].find(event["request_id"])
    )
    assert message.json == event


@pytest.mark.local  # nobody calls price-enricher so, and its alarms would go off
def test_an_event_without_records_ends_in_the_enrichers_dead_letter_queue(
    pipeline: Pipeline,
) -> None:
    event = {"no_records": new_id()}

    pipeline.invoke_later(event, function="price_enricher")

    [message] = eventually(
        lambda: pipeline.mailboxes["price_enricher_dlq"].find(event["no_records"])
    )
    assert message.json == event


def test_only_the_malformed_message_of_a_batch_ends_in_the_dead_letter_queue(
    pipeline: Pipeline, symbol: str
) -> None:
    malformed = f'{{"symbol": "{symbol}", "price": '
    good = json.dumps({"symbol": symbol, "price": pipeline.marks.above})
    another = json.dumps({"symbol": symbol, "price": pipeline.marks.below})

    pipeline.put_market_data(good, malformed, another)

    [message] = eventually(lambda: pipeline.mailboxes["market_data_dlq"].find(symbol))
    assert message.body == malformed
    eventually(lambda: pipeline.notified_alerts(symbol, count=2))
    pipeline.flush()
    assert len(pipeline.mailboxes["market_data_dlq"].find(symbol)) == 1
