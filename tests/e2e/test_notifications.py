"""What the topics publish: completed webhooks, errors in logs, alarms."""

from uuid import uuid4

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_id
from tests.e2e.pipeline import Pipeline

TELLING_WORDS = ("ERROR", "Error", "error", "Exception", "exception")


def test_a_completed_webhook_is_notified_once_with_its_counts(
    pipeline: Pipeline, symbol: str
) -> None:
    request_id = pipeline.send(
        [{"symbol": symbol, "price": price} for price in ("100", "101", "none")]
    )

    answer = eventually(lambda: pipeline.completed(request_id))
    counts = {"accepted": 2, "duplicates": 0, "rejected": 1}
    assert answer["statusCode"] == 200
    assert answer["body"].items() >= counts.items()
    assert len(pipeline.mailboxes["price_updates"].find(request_id)) == 1


@pytest.mark.local  # writes into the functions' own log groups
@pytest.mark.parametrize(
    "function", ["webhook-processor", "price-enricher", "data-processor", "notifier"]
)
def test_an_error_in_a_log_reaches_pipeline_errors_and_a_normal_line_does_not(
    pipeline: Pipeline, function: str
) -> None:
    normal = f"INFO all is well {uuid4()}"
    errors = [f"{word} {uuid4()}" for word in TELLING_WORDS]

    pipeline.log(function, normal, *errors)

    heard = pipeline.mailboxes["pipeline_errors"]
    eventually(lambda: all(heard.find(line) for line in errors))
    [message] = heard.find(errors[0])
    assert pipeline.physical_name(function) in message.body
    assert heard.find(normal) == []


def test_an_alarm_that_goes_off_reaches_pipeline_errors(pipeline: Pipeline) -> None:
    alarm, reason = pipeline.physical_name("market-data-behind"), new_id()

    pipeline.clients("cloudwatch").set_alarm_state(
        AlarmName=alarm, StateValue="ALARM", StateReason=reason
    )

    [message] = eventually(lambda: pipeline.mailboxes["pipeline_errors"].find(reason))
    assert message.notification["AlarmName"] == alarm


def test_the_error_of_a_failed_function_reaches_pipeline_errors(
    pipeline: Pipeline,
) -> None:
    request_id = new_id()

    pipeline.invoke_later({"body_b64": "", "request_id": request_id})

    eventually(lambda: pipeline.mailboxes["pipeline_errors"].find(request_id))
    eventually(lambda: pipeline.mailboxes["webhook_processor_dlq"].find(request_id))
