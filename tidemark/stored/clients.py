"""Clients of AWS services for the target: the local cloud or AWS.

botocore's own, imported for the first of them: boto3 would only add to the time that
this takes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from infra.settings import Settings

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
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
        return cast("DynamoDBClient", self.of("dynamodb"))

    @cached_property
    def sqs(self) -> "SQSClient":
        return cast("SQSClient", self.of("sqs"))

    @cached_property
    def sns(self) -> "SNSClient":
        return cast("SNSClient", self.of("sns"))

    @cached_property
    def lambda_(self) -> "LambdaClient":
        return cast("LambdaClient", self.of("lambda"))

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        return cast("SecretsManagerClient", self.of("secretsmanager"))

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return cast("CloudWatchLogsClient", self.of("logs"))

    @cached_property
    def cloudwatch(self) -> "CloudWatchClient":
        return cast("CloudWatchClient", self.of("cloudwatch"))

    def of(self, service: str) -> Any:
        """Return the client of any service."""
        return self._session.create_client(
            service, region_name=self.settings.aws_region, **self._options
        )

    @property
    def _local(self) -> bool:
        return self.settings.target == "local"

    @cached_property
    def _session(self) -> "Session":
        from botocore.session import Session

        # On the local cloud the user's AWS profile is not read: it may not exist here.
        nothing = {"profile": NOT_SET, "config_file": NOT_SET} if self._local else {}
        return Session(session_vars=nothing)

    @cached_property
    def _options(self) -> dict[str, Any]:
        from botocore.config import Config

        if not self._local:
            return {"config": Config(retries=RETRIES)}
        return {
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
            "endpoint_url": self.settings.endpoint_url,
            "config": Config(retries=RETRIES, proxies={}, connect_timeout=5),
        }
