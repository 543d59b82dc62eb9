"""What fails for good ends in its dead-letter queue, alone and complete."""

import json
from uuid import uuid4

from tests.e2e.eventually import eventually
from tests.e2e.pipeline import Pipeline


def test_a_webhook_that_fails_every_time_is_in_its_dead_letter_queue_as_it_was(
    pipeline: Pipeline,
) -> None:
    event = {"body_b64": "%%%", "exchange_b64": "", "request_id": str(uuid4())}

    pipeline.invoke_later(event)

    [message] = eventually(
        lambda: pipeline.mailboxes["webhook_processor_dlq"].holding(event["request_id"])
    )
    assert message.json == event


def test_a_malformed_message_is_alone_in_its_dead_letter_queue_within_a_minute(
    pipeline: Pipeline, symbol: str
) -> None:
    malformed = f'{{"symbol": "{symbol}", "price": '
    good = json.dumps({"symbol": symbol, "price": "151"})
    another = json.dumps({"symbol": symbol, "price": "49"})

    pipeline.put_market_data(good, malformed, another)

    [message] = eventually(
        lambda: pipeline.mailboxes["market_data_dlq"].holding(symbol), timeout=60
    )
    assert message.body == malformed
    eventually(lambda: pipeline.notified_alerts(symbol, count=2))
    eventually(pipeline.market_data_is_empty)
    assert len(pipeline.mailboxes["market_data_dlq"].holding(symbol)) == 1
