"""A taken port is detected before LocalStack starts."""

import socket
import subprocess
import sys
from pathlib import Path

from tidemark_localstack.port import is_taken


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_free_port_is_not_taken() -> None:
    assert not is_taken(free_port())


def test_a_port_with_a_listener_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert is_taken(server.getsockname()[1])


def test_a_port_with_a_listener_on_all_interfaces_is_taken() -> None:
    with socket.create_server(("", 0)) as server:
        assert is_taken(server.getsockname()[1])


def test_a_port_that_is_bound_without_a_listener_is_taken() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))

        assert is_taken(silent.getsockname()[1])


def test_serve_refuses_a_taken_port_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        serve = subprocess.run(
            [
                *(sys.executable, "-m", "tidemark_localstack", "serve"),
                *("--port", str(port), "--state-dir", str(tmp_path)),
                *("--runtime-python", sys.executable),
            ],
            cwd=Path(__file__).parents[3] / "emulator",
            capture_output=True,
            text=True,
        )

    assert serve.returncode == 98
    assert serve.stderr == f"tidemark: port {port} is taken by another program\n"
