"""One environment, on a local cloud of its own, for all end-to-end tests.

It never touches a cloud that runs already and leaves nothing behind: the stack is
destroyed and every process ended, also where tests fail or are interrupted.
"""

import atexit
import json
import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import httpx
import pytest

from infra.settings import Settings, load_settings
from tests.e2e.clients import Clients
from tests.e2e.eventually import eventually
from tests.e2e.leftovers import check_nothing_is_left
from tests.e2e.mailbox import Mailbox, subscriber
from tests.e2e.pipeline import Pipeline
from tests.e2e.recordings import HISTORY, RECORDED
from tidemark import locks, toolchain
from tidemark.cloud import Cloud
from tidemark.deployment import deploy, destroy
from tidemark.progress import Plain

PORTS = range(4900, 5000)
OF_THE_MACHINE = {"terraform_plugin_dir"}
OWN_MARKS = {
    "OWN-MARKS": {"high": 1000, "low": 900},
    **{recording.symbol: recording.marks for recording in (HISTORY, *RECORDED)},
}


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """A port for this run alone; a cloud that a killed run left there is ended."""
    with ExitStack() as stack:
        yield _claim_port(stack)


@pytest.fixture(scope="session")
def settings(port: int) -> Settings:
    """The defaults, whatever the developer's environment and `.env` say."""
    defaults = {
        name: field.default
        for name, field in Settings.model_fields.items()
        if name not in OF_THE_MACHINE
    }
    ours = {
        "environment_suffix": "e2e",
        "localstack_port": port,
        "price_marks": json.dumps(OWN_MARKS),
    }
    return load_settings(**{**defaults, **ours})


@pytest.fixture(scope="session")
def cloud(settings: Settings) -> Iterator[Cloud]:
    """A running local cloud. Whatever ends the tests ends it, as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    version = toolchain.install(Plain())
    cloud = Cloud.at(settings.localstack_port)
    atexit.register(cloud.stop)
    cloud.start(version=version)
    yield cloud
    ended = cloud.stop()
    atexit.unregister(cloud.stop)
    assert ended
    assert [process for process in ended if process.alive()] == []


@pytest.fixture(scope="session")
def clients(cloud: Cloud, settings: Settings) -> Iterator[Clients]:
    clients = Clients(endpoint_url=settings.endpoint_url, region=settings.aws_region)
    with closing(clients):
        yield clients


@pytest.fixture(scope="session")
def outputs(settings: Settings, clients: Clients) -> Iterator[dict[str, str]]:
    """A deployed stack. In the end, destroy must leave nothing of it."""
    yield deploy(settings)
    destroy(settings)
    eventually(lambda: check_nothing_is_left(clients))


@pytest.fixture(scope="session")
def pipeline(outputs: dict[str, str], clients: Clients) -> Iterator[Pipeline]:
    with ExitStack() as stack:
        http = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        mailboxes = {
            name.removesuffix("_url"): Mailbox(clients("sqs"), url)
            for name, url in outputs.items()
            if name.endswith("_dlq_url")
        }
        for name, arn in outputs.items():
            if name.endswith("_topic_arn"):
                mailbox = stack.enter_context(subscriber(clients, arn))
                mailboxes[name.removesuffix("_topic_arn")] = mailbox
        yield Pipeline(outputs, clients, http, mailboxes)


@pytest.fixture
def symbol() -> str:
    """A symbol that no other test has."""
    return f"T-{secrets.token_hex(4).upper()}"


def _claim_port(stack: ExitStack) -> int:
    for port in PORTS:
        cloud = Cloud.at(port)
        with suppress(locks.Busy):
            lock = locks.held(cloud.state_dir / "lock", "the end-to-end tests")
            stack.enter_context(lock)
            cloud.stop()
            if _is_free(port):
                return port
    raise RuntimeError(f"no port is free from {PORTS.start} to {PORTS.stop - 1}")


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
