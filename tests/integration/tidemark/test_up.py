import socket
from pathlib import Path

import pytest

from infra.settings import load_settings
from tests.unit.tidemark.terraforms import FakeTerraform
from tidemark.commands import up
from tidemark.environment import Environment
from tidemark.local_cloud.cloud import CloudError
from tidemark.machine import paths
from tidemark.machine.progress import Plain


def test_a_taken_port_is_found_before_anything_is_installed_or_synthesised(
    checkout: Path, fake_terraform: FakeTerraform
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        environment = Environment(load_settings(env_file=None, localstack_port=port))

        with pytest.raises(CloudError, match=f"^Port {port} is taken"):
            up.up(environment, Plain(), command="make up")

    made = [path for path in paths.STATE.rglob("*") if path.is_file()]
    assert made == [paths.cloud_dir(port) / "lock"]
