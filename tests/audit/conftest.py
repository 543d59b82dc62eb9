"""checkov and parliament, in an environment of their own, and the stack they read."""

import re
from pathlib import Path

import pytest

from infra.settings import load_settings
from tests.audit.checkov import Judgement, judge
from tests.audit.stack import Audited
from tests.infra.conftest import (  # noqa: F401 (fixtures)
    archive,
    no_settings_from_outside,
)
from tidemark.machine import paths
from tidemark.machine.progress import Plain
from tidemark.machine.virtualenvs import Environment

LOCK = paths.ROOT / "requirements" / "audit.txt"
AUDIT = Environment("checkov and parliament", paths.STATE / "audit", LOCK)
LOCKED = dict(re.findall(r"^([\w-]+)==(\S+)", LOCK.read_text(), re.MULTILINE))


def pytest_report_header() -> str:
    return f"audit: checkov {LOCKED['checkov']}, parliament {LOCKED['parliament']}"


@pytest.fixture(scope="session")
def locked() -> dict[str, str]:
    """The version of each package that the audit is locked to."""
    return LOCKED


@pytest.fixture(scope="session")
def python() -> Path:
    """The audit's interpreter."""
    AUDIT.sync(Plain())
    return AUDIT.python


@pytest.fixture(scope="session")
def stack(
    no_settings_from_outside: None,  # noqa: F811 (the fixture)
    archive: Path,  # noqa: F811 (the fixture)
    tmp_path_factory: pytest.TempPathFactory,
) -> Audited:
    """The default settings, on AWS, with somebody subscribed to the topics."""
    settings = load_settings(
        env_file=None, target="aws", alert_email="desk@example.com"
    )
    outdir = tmp_path_factory.mktemp("aws")
    return Audited.synthesised(settings, archive=archive, outdir=outdir)


@pytest.fixture(scope="session")
def judgement(
    stack: Audited, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Judgement:
    folder = tmp_path_factory.mktemp("checkov")
    return judge(stack, python=python, folder=folder)
