"""boto3 clients for the target: the local cloud or AWS."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from infra.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

NOT_SET = (None, None, None, None)
RETRIES: Any = {"mode": "standard", "max_attempts": 5}


@dataclass(frozen=True)
class Clients:
    """One client per service, created when it is first used."""

    settings: Settings

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._session.client("dynamodb", **self._options)

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._session.client("sqs", **self._options)

    @cached_property
    def sns(self) -> "SNSClient":
        return self._session.client("sns", **self._options)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return self._session.client("logs", **self._options)

    @cached_property
    def cloudwatch(self) -> "CloudWatchClient":
        return self._session.client("cloudwatch", **self._options)

    @cached_property
    def lambda_(self) -> "LambdaClient":
        return self._session.client("lambda", **self._options)

    def of(self, service: str) -> Any:
        """Return the client of any other service."""
        return self._session.client(service, **self._options)  # type: ignore[call-overload]

    @property
    def _local(self) -> bool:
        return self.settings.target == "local"

    @cached_property
    def _session(self) -> boto3.Session:
        if not self._local:
            return boto3.Session(region_name=self.settings.aws_region)
        # The user's AWS profile is not read: it may not exist here.
        core = botocore.session.Session(
            session_vars={"profile": NOT_SET, "config_file": NOT_SET}
        )
        return boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name=self.settings.aws_region,
            botocore_session=core,
        )

    @cached_property
    def _options(self) -> dict[str, Any]:
        if not self._local:
            return {"config": Config(retries=RETRIES)}
        return {
            "endpoint_url": self.settings.endpoint_url,
            "config": Config(retries=RETRIES, proxies={}, connect_timeout=5),
        }
