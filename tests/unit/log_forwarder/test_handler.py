from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from services.aws.topics import Topic
from services.log_forwarder import handler
from services.market.errors import Unavailable
from tests.unit.attributes import anything
from tests.unit.fakes import FakeContext, FakeTopicService, everything, refusal
from tests.unit.function_output import metrics_written
from tests.unit.log_forwarder.builders import delivery, packed

type Handle = Callable[[Any], None]

pytestmark = pytest.mark.usefixtures("no_pauses")

# An invocation that fails has counted nothing, of which Powertools warns.
fails = pytest.mark.filterwarnings("ignore:No application metrics to publish")

PIPELINE_ERRORS = "arn:aws:sns:us-east-1:000000000000:pipeline-errors"


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch, sns: FakeTopicService, context: FakeContext
) -> Handle:
    monkeypatch.setattr(handler, "pipeline_errors", Topic(sns, PIPELINE_ERRORS))
    return lambda event: handler.lambda_handler(event, context)


def test_the_handler_is_made_of_its_environment() -> None:
    assert handler.pipeline_errors.arn.endswith(":pipeline-errors-unit")


def test_delivered_lines_are_published(handle: Handle, sns: FakeTopicService) -> None:
    handle(delivery("ERROR one", "ERROR two"))

    (published,) = sns.published
    assert published["TopicArn"] == PIPELINE_ERRORS
    assert published["Subject"] == "price-enricher-dev: 2 log lines"
    assert len(json.loads(published["Message"])["events"]) == 2
    assert published["MessageAttributes"] == {
        "function": {"DataType": "String", "StringValue": "price-enricher-dev"}
    }


def test_a_big_delivery_is_published_in_parts(
    handle: Handle, sns: FakeTopicService
) -> None:
    handle(delivery(*['"' * 32_000] * 60))

    events = [json.loads(entry["Message"])["events"] for entry in sns.published]
    assert sum(map(len, events)) == 60
    assert len(events) > 10


def test_a_control_message_is_done_with(handle: Handle, sns: FakeTopicService) -> None:
    handle(delivery("CWL CONTROL MESSAGE", messageType="CONTROL_MESSAGE"))

    assert sns.calls == 0


@fails
@pytest.mark.parametrize("failure", ["Failed", "raised"])
def test_lines_that_cannot_be_published_fail_the_invocation(
    handle: Handle, sns: FakeTopicService, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    refusals = {
        "Failed": FakeTopicService(refuses=everything),
        "raised": FakeTopicService(breaks=refusal("PublishBatch", "Throttled")),
    }
    topic = Topic(refusals[failure], PIPELINE_ERRORS)
    monkeypatch.setattr(handler, "pipeline_errors", topic)

    with pytest.raises(Unavailable, match="PublishBatch refused 1 time: Failed"):
        handle(delivery("ERROR one"))


def test_forwarded_lines_are_counted(
    handle: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    handle(delivery("ERROR one", "ERROR two"))

    metrics = metrics_written(capsys)
    assert metrics["LinesForwarded"] == [2]


@pytest.mark.parametrize("word", ["ERROR", "Error", "error", "exception", "Exception"])
def test_what_is_forwarded_is_not_logged_again(
    handle: Handle, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    handle(delivery("ERROR Error error exception Exception"))

    written = capsys.readouterr().out
    assert "lines forwarded" in written
    assert word not in written


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        {"awslogs": None},
        {"awslogs": {"data": "?"}},
        {"awslogs": {"data": "bm8gZ3ppcA=="}},
        packed("no delivery"),
        packed({"logEvents": []}),
    ],
)
def test_an_event_that_is_no_delivery_is_told_of_as_it_came(
    handle: Handle, sns: FakeTopicService, event: Any
) -> None:
    handle(event)

    (published,) = sns.published
    (line,) = json.loads(published["Message"])["events"]
    assert json.dumps(event) in line["message"]
    assert published["Subject"] == "unknown: 1 log line"


@given(anything)
def test_any_event_is_told_of(event: Any) -> None:
    sns = FakeTopicService()
    context = FakeContext()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(handler, "pipeline_errors", Topic(sns, PIPELINE_ERRORS))
        handler.lambda_handler(event, context)

    assert len(sns.published) == 1
