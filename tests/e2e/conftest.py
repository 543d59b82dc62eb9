"""The pipeline under test: on a local cloud of its own or, with TARGET=aws, on AWS.

On AWS, tests with the marker `local` are deselected. They need a cloud without other
users or marks of their own, or they would disturb the users of the environment. In a
container, tests with the marker `host` are. They need a browser, or the processes of
the local cloud.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from infra.settings import Settings
from tests.e2e import aws_environment, identifiers, local_environment, selection
from tests.e2e.cleanup import remove_data
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.mailbox import Mailbox, Message, subscriber
from tests.e2e.marks import Marks
from tests.e2e.pipeline import Pipeline
from tests.e2e.target import ON_AWS
from tidemark.machine import paths


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    unfit = {"local": ON_AWS, "host": bool(paths.IMAGE)}
    names = [name for name, is_unfit in unfit.items() if is_unfit]
    deselected = [i for i in items if any(map(i.get_closest_marker, names))]
    deselected += selection.to_deselect(config, items)
    config.hook.pytest_deselected(items=deselected)
    selected = [item for item in items if item not in deselected]
    items[:] = sorted(selected, key=selection.runs_last)


@pytest.fixture(scope="session")
def environment() -> Iterator[Environment]:
    """SIGTERM and SIGHUP clean up as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    where = aws_environment if ON_AWS else local_environment
    with where.environment() as environment:
        yield environment


@pytest.fixture(scope="session")
def settings(environment: Environment) -> Settings:
    return environment.settings


@pytest.fixture(scope="session")
def pipeline(environment: Environment) -> Iterator[Pipeline]:
    outputs, clients = environment.outputs, environment.clients
    with ExitStack() as stack:
        mailboxes = {
            name.removesuffix("_url"): Mailbox(clients("sqs"), url)
            for name, url in outputs.items()
            if name.endswith("_dlq_url")
        }
        for name, arn in outputs.items():
            if name.endswith("_topic_arn"):
                mailbox = stack.enter_context(subscriber(clients, arn))
                mailboxes[name.removesuffix("_topic_arn")] = mailbox
        marks = Marks.of(clients, outputs["data_processor_name"])
        pipeline = Pipeline(outputs, clients, environment.http, mailboxes, marks)
        eventually(lambda: _notifications_of_webhooks(pipeline))
        yield pipeline
        eventually(lambda: remove_data(pipeline))


@pytest.fixture
def symbol() -> str:
    """A symbol that no other test uses."""
    return identifiers.new_symbol()


def _notifications_of_webhooks(pipeline: Pipeline) -> Sequence[Message]:
    # On AWS a subscription does not receive what is published in its first seconds.
    pipeline.send([])
    return pipeline.mailboxes["price_updates"].find("responsePayload")
