"""The pipeline under test, on a local cloud of its own or, with TARGET=aws, deployed.

On AWS those tests are left out that are marked `local`: they need the whole cloud to
themselves, marks of their own, or more of the environment than its users would like.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from infra.settings import Settings
from tests.e2e import deployed, local_cloud, run, whole_run
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.leavings import nothing_to_remove
from tests.e2e.mailbox import Mailbox, Message, subscriber
from tests.e2e.marks import Marks
from tests.e2e.pipeline import Pipeline
from tests.e2e.target import ON_AWS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    left_out = [item for item in items if ON_AWS and item.get_closest_marker("local")]
    left_out += whole_run.out_of_place(config, items)
    config.hook.pytest_deselected(items=left_out)
    chosen = [item for item in items if item not in left_out]
    items[:] = sorted(chosen, key=whole_run.comes_last)


@pytest.fixture(scope="session")
def environment() -> Iterator[Environment]:
    """Whatever ends the tests ends what they began, as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    where = deployed if ON_AWS else local_cloud
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
        eventually(lambda: _heard_of_webhooks(pipeline))
        yield pipeline
        eventually(lambda: nothing_to_remove(pipeline))


@pytest.fixture
def symbol() -> str:
    """A symbol that no other test has."""
    return run.new_symbol()


def _heard_of_webhooks(pipeline: Pipeline) -> Sequence[Message]:
    # On AWS a subscription hears nothing of what is published in its first seconds.
    pipeline.send([])
    return pipeline.mailboxes["price_updates"].holding("responsePayload")
