"""Deploy the stack to a local cloud that is started for the end-to-end tests.

A local cloud that already runs is not touched. After the tests, also after a failure or
an interruption, the stack is destroyed and every process of the cloud is stopped.
"""

import atexit
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import httpx

import tidemark.environment
from infra.settings import Settings, load_settings
from tests.channel_servers import server as channel_server
from tests.channel_servers.server import ChannelServer
from tests.e2e.clients import Clients
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.ports import claimed, is_free
from tests.e2e.recordings import HISTORY, RECORDED
from tests.e2e.remaining_resources import check_none_remain
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
    """Deploy, yield, destroy; then no resource may remain."""
    with ExitStack() as stack:
        server = stack.enter_context(channel_server.running())
        settings = _settings(stack.enter_context(_claimed_port()), server)
        stack.enter_context(_running_cloud(settings))
        clients = stack.enter_context(closing(Clients(settings)))
        http = stack.enter_context(httpx.Client(timeout=120, trust_env=False))
        deployed = tidemark.environment.Environment(settings)
        yield Environment(settings, clients, deploy(deployed), http, server)
        destroy(deployed)
        eventually(lambda: check_none_remain(clients))


def _settings(port: int, server: ChannelServer) -> Settings:
    """The defaults, independent of the developer's environment and `.env`."""
    defaults = {
        name: field.default
        for name, field in Settings.model_fields.items()
        if name not in OF_THE_MACHINE
    }
    ours = {
        "environment_suffix": "e2e",
        "localstack_port": port,
        "price_marks": json.dumps(OWN_MARKS),
        "channel_test_hosts": f"localhost:{server.port}",
        "alert_mode": "every",  # most tests count an alert for each tick
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
    # `stop` raises an error if a process stays; it stops no container.
    assert ended or paths.IMAGE, "the local cloud stopped before the tests did"


@contextmanager
def _claimed_port() -> Iterator[int]:
    """Reserve a port for this run; stop a cloud that a killed run left on it."""
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
            stack.enter_context(claimed(port))
            cloud.stop()
            if is_free(port):
                return port
    raise RuntimeError(f"no port is free from {PORTS.start} to {PORTS.stop - 1}")
