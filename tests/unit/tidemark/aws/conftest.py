import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

from infra.settings import load_settings
from tidemark.stored.clients import Clients


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """Clients of an empty account, in this process."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with mock_aws():
        yield Clients(load_settings(env_file=None, target="aws"))
