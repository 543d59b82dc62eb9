"""boto3 clients of moto, for reading back what the tool has made there."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's

type Clients = Callable[[Any], Any]


def clients_of(endpoint_url: str, *, region: str = REGION) -> Clients:
    """`clients("sqs")`: one client per service, made when first asked for."""
    session = boto3.Session(
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name=region,
    )
    config = Config(proxies={})

    @cache
    def client(service: Any) -> Any:
        return session.client(service, endpoint_url=endpoint_url, config=config)

    return client
