"""boto3 clients for a local cloud, which takes any credentials."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
from botocore.config import Config

RETRIES: Any = {"mode": "standard", "total_max_attempts": 5}


class Clients:
    """`clients("sqs")`: one client per service, made when first asked for."""

    def __init__(self, *, endpoint_url: str, region: str) -> None:
        self.endpoint_url = endpoint_url
        # The developer's profile, which may not exist here, has no say in it.
        core = botocore.session.Session(session_vars={"profile": (None,) * 4})
        self._session = boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name=region,
            botocore_session=core,
        )
        self._made: dict[str, Any] = {}

    def __call__(self, service: Any) -> Any:
        if service not in self._made:
            self._made[service] = self._session.client(
                service,
                endpoint_url=self.endpoint_url,
                config=Config(retries=RETRIES, proxies={}),
            )
        return self._made[service]

    def close(self) -> None:
        for client in self._made.values():
            client.close()
