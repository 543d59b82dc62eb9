"""The stack, synthesised once per target. No network, no Terraform."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.main import synthesise
from infra.settings import Settings, load_settings
from infra.startup import prepare
from tests.infra.synthesised import Stack

prepare()  # before a test module imports the stack


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for field in Settings.model_fields:
            monkeypatch.delenv(field.upper(), raising=False)
        yield monkeypatch


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "functions.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("webhook_processor/handler.py", "")
    return path


@pytest.fixture(scope="session")
def local(
    no_settings_from_outside: None,
    archive: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Stack:
    """The default settings, but for the suffix `blue` and port 4999."""
    settings = load_settings(
        env_file=None, environment_suffix="blue", localstack_port=4999
    )
    return Stack.read(
        synthesise(settings, archive=archive, outdir=tmp_path_factory.mktemp("local"))
    )


@pytest.fixture(scope="session")
def aws(
    no_settings_from_outside: None,
    archive: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Stack:
    """On AWS, suffix `blue`, in another region, with every option turned."""
    settings = load_settings(
        env_file=None,
        target="aws",
        environment_suffix="blue",
        aws_region="eu-central-1",
        alert_email="desk@example.com",
        reserved_concurrency=False,
        data_processor_memory=3008,
        team="desk",
        cost_center="cc-1",
        log_level="DEBUG",
        stream_batch_size=7,
        stream_batch_window_s=2,
        stream_parallelization=3,
        stream_retries=3,
        alert_batch_size=10,
        webhook_rate=20,
        webhook_burst=40,
        volatility_window=20,
        raw_data_max=64,
        price_high="1e5",
        price_low="0.5",
        price_marks='{"BTC-USD": {"high": 9}}',
        alert_mode="every",
        alert_max_age_s=60,
    )
    return Stack.read(
        synthesise(settings, archive=archive, outdir=tmp_path_factory.mktemp("aws"))
    )
