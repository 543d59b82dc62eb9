"""One environment, on a local cloud of its own, for all end-to-end tests.

It never touches a cloud that runs already and leaves nothing behind: the stack is
destroyed and every process ended, also where tests fail or are interrupted.
"""

import atexit
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import httpx

import tidemark.environment
from infra.settings import Settings, load_settings
from tests.e2e.clients import Clients
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.leftovers import check_nothing_is_left
from tests.e2e.recordings import HISTORY, RECORDED
from tidemark.deployment import deploy, destroy
from tidemark.local_cloud import choice
from tidemark.machine import locks, paths, toolchain
from tidemark.machine.progress import Plain

PORTS = range(4900, 5000)
OF_THE_MACHINE = {"terraform_plugin_dir"}
OWN_MARKS = {
    "OWN-MARKS": {"high": 1000, "low": 900},
    **{recording.symbol: recording.marks for recording in (HISTORY, *RECORDED)},
}


@contextmanager
def environment() -> Iterator[Environment]:
    """A deployed stack. In the end, destroy must leave nothing of it."""
    with ExitStack() as stack:
        settings = _settings(stack.enter_context(_claimed_port()))
        stack.enter_context(_running_cloud(settings))
        clients = stack.enter_context(closing(Clients(settings)))
        http = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        deployed = tidemark.environment.Environment(settings)
        yield Environment(settings, clients, deploy(deployed), http)
        destroy(deployed)
        eventually(lambda: check_nothing_is_left(clients))


def _settings(port: int) -> Settings:
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


@contextmanager
def _running_cloud(settings: Settings) -> Iterator[None]:
    version = toolchain.install(Plain())
    cloud = choice.at(settings.localstack_port)
    atexit.register(cloud.stop)
    cloud.start(version=version)
    try:
        yield
    finally:
        ended = cloud.stop()
        atexit.unregister(cloud.stop)
    assert ended or paths.IMAGE
    assert [process for process in ended if process.alive()] == []


@contextmanager
def _claimed_port() -> Iterator[int]:
    """A port for this run alone; a cloud that a killed run left there is ended."""
    if paths.IMAGE:  # `bin/containers` has seen to that
        port = load_settings().localstack_port
        assert port in PORTS, "in a container `make e2e` runs these tests"
        yield port
        return
    with ExitStack() as stack:
        yield _claim_port(stack)


def _claim_port(stack: ExitStack) -> int:
    for port in PORTS:
        cloud = choice.at(port)
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
