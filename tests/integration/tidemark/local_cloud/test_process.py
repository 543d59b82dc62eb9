import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tidemark.local_cloud import process
from tidemark.local_cloud.cloud import CloudError
from tidemark.local_cloud.process import HostCloud
from tidemark.machine import paths, processes

SERVE = """#!{python}
import http.server, json, sys, uuid
if {failure!r}:
    sys.exit({failure!r})
session = json.dumps({{"session_id": str(uuid.uuid4())}}).encode()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(session)
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def install(checkout: Path, failure: str = "") -> None:
    """A program in place of the local cloud: it answers, and has a session."""
    program = checkout / ".tidemark" / "localstack" / "bin" / "python"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(SERVE.format(python=sys.executable, failure=failure))
    program.chmod(0o755)


@pytest.fixture
def cloud(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostCloud]:
    monkeypatch.setattr(paths, "LOCALSTACK", checkout / ".tidemark" / "localstack")
    monkeypatch.setattr(paths, "RUNTIME", checkout / ".tidemark" / "runtime")
    monkeypatch.setenv("http_proxy", "http://localhost:1")
    install(checkout)
    port = free_port()
    cloud = HostCloud(port, paths.cloud_dir(port))
    yield cloud
    cloud.stop()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_it_starts_answers_and_stops(cloud: HostCloud) -> None:
    assert not cloud.ready()

    assert cloud.start(version="1")
    assert cloud.ready()
    assert cloud.session_id

    assert len(cloud.stop()) == 1
    assert cloud.process() is None
    assert cloud.session_id is None


def test_a_local_cloud_of_the_same_version_keeps_running(cloud: HostCloud) -> None:
    cloud.start(version="1")
    session = cloud.session_id

    assert not cloud.start(version="1")
    assert cloud.session_id == session


def test_a_new_version_replaces_the_old_one(cloud: HostCloud) -> None:
    cloud.start(version="1")
    session = cloud.session_id

    assert cloud.start(version="2")
    assert cloud.session_id != session


def test_a_restart_is_another_session(cloud: HostCloud) -> None:
    cloud.start(version="1")
    session = cloud.session_id

    cloud.restart()

    assert cloud.session_id != session
    assert not cloud.start(version="1")


def test_a_local_cloud_without_its_record_is_found(cloud: HostCloud) -> None:
    cloud.start()
    process = cloud.process()
    cloud.state_dir.joinpath("cloud.json").unlink()

    assert cloud.process() == process
    assert cloud.stop() == [process]


def test_a_local_cloud_that_was_killed_is_started_again(cloud: HostCloud) -> None:
    cloud.start()
    process = cloud.process()
    assert process
    os.kill(process.pid, signal.SIGKILL)
    os.waitpid(process.pid, 0)

    assert cloud.process() is None
    assert cloud.start()


def test_a_record_with_a_reused_process_id_is_ignored(
    cloud: HostCloud,
) -> None:
    record = {"pid": os.getpid(), "started": "once", "version": ""}
    cloud.state_dir.mkdir(parents=True)
    cloud.state_dir.joinpath("cloud.json").write_text(json.dumps(record))

    assert cloud.process() is None
    assert cloud.stop() == []
    assert processes.identify(os.getpid())


def test_a_port_that_is_taken_is_one_line(cloud: HostCloud) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", cloud.port))
        other.listen()

        with pytest.raises(CloudError, match=f"^Port {cloud.port} is taken.*PORT"):
            cloud.start()


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
def test_a_program_that_answers_on_the_other_localhost_takes_the_port(
    cloud: HostCloud,
) -> None:
    with (
        socket.create_server(("::1", cloud.port), family=socket.AF_INET6),
        pytest.raises(CloudError, match=f"^Port {cloud.port} is taken"),
    ):
        cloud.start()


def test_a_taken_port_is_found_without_starting_anything(cloud: HostCloud) -> None:
    cloud.check()
    with (
        socket.create_server(("127.0.0.1", cloud.port)),
        pytest.raises(CloudError, match=f"^Port {cloud.port} is taken"),
    ):
        cloud.check()

    assert not cloud.log.exists()


def test_a_running_local_cloud_may_have_its_own_port(cloud: HostCloud) -> None:
    cloud.start()

    cloud.check()


def test_a_local_cloud_that_exits_at_its_start_says_why(
    cloud: HostCloud, checkout: Path
) -> None:
    install(checkout, failure="no room for it")

    with pytest.raises(CloudError, match=rf"no room for it \(all of it: {cloud.log}"):
        cloud.start()


def test_a_local_cloud_that_never_answers_is_stopped(
    cloud: HostCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "START_TIMEOUT", 0.2)
    program = paths.LOCALSTACK / "bin" / "python"
    program.write_text(f"#!{sys.executable}\nimport signal; signal.pause()")

    with pytest.raises(CloudError, match="did not start"):
        cloud.start()

    assert cloud.process() is None
