"""`bin/tidemark` on the environment under test, as its users run it."""

import json
import os
import subprocess
import sys
from typing import Any

from infra.settings import Settings


def tidemark(settings: Settings, *arguments: str, status: int = 0) -> str:
    """Run a command; return its standard output. It must end with that status."""
    done = subprocess.run(
        [sys.executable, "-m", "tidemark", *arguments],
        env={**os.environ, **_environment(settings)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def tidemark_json(settings: Settings, *arguments: str) -> Any:
    """The JSON that a command prints."""
    return json.loads(tidemark(settings, *arguments, "--json"))


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "TARGET": settings.target,
        "ENVIRONMENT_SUFFIX": settings.environment_suffix,
        "AWS_REGION": settings.aws_region,
        "LOCALSTACK_PORT": str(settings.localstack_port),
        "PRICE_MARKS": settings.price_marks,
        "ALERT_MODE": settings.alert_mode,
        "CHANNEL_TEST_HOSTS": settings.channel_test_hosts,
        "AUTO_APPROVE": "1",
    }
