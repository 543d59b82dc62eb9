"""boto3 clients for the local cloud, which accepts any credentials, or for AWS."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from infra.settings import Settings

RETRIES: Any = {"mode": "standard", "total_max_attempts": 5}


class Clients:
    """`clients("sqs")` returns the client of a service, created at the first call."""

    def __init__(self, settings: Settings) -> None:
        local = settings.target == "local"
        self._session = (_any_credentials if local else boto3.Session)(
            region_name=settings.aws_region
        )
        self._options: dict[str, Any] = {"config": Config(retries=RETRIES)}
        if local:
            config = Config(retries=RETRIES, proxies={})
            self._options = {"config": config, "endpoint_url": settings.endpoint_url}
        self._made: dict[str, Any] = {}

    def __call__(self, service: Any) -> Any:
        if service not in self._made:
            self._made[service] = self._session.client(service, **self._options)
        return self._made[service]

    def close(self) -> None:
        for client in self._made.values():
            client.close()


def _any_credentials(*, region_name: str) -> boto3.Session:
    # Ignore AWS_PROFILE: it may name a profile that does not exist on this machine.
    core = botocore.session.Session(session_vars={"profile": (None,) * 4})
    return boto3.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name=region_name,
        botocore_session=core,
    )
