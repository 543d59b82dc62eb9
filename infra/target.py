"""The target of the stack, AWS or the local cloud. No other module knows which."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf import LocalBackend, S3Backend
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderDefaultTags,
    AwsProviderEndpoints,
)
from constructs import Construct

from infra.settings import Settings

STATE = "terraform.tfstate"
# From `cdktf.out/stacks/tidemark`, where the official CLI runs Terraform.
TIDEMARK = Path("../../../.tidemark")
SERVICES = (
    "apigateway",
    "cloudwatch",
    "dynamodb",
    "iam",
    "kms",
    "lambda_",
    "logs",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
)


@dataclass(frozen=True, slots=True)
class Aws:
    """AWS itself, with the credentials of the shell."""

    settings: Settings

    def connect(self, scope: Construct) -> None:
        """Declare the provider, which tags every resource that it creates."""
        tags = {
            "Environment": self.settings.environment_suffix,
            "Team": self.settings.team,
            "CostCenter": self.settings.cost_center,
        }
        AwsProvider(
            scope,
            "aws",
            region=self.settings.aws_region,
            default_tags=[AwsProviderDefaultTags(tags=tags)],
            **self.connection(),
        )

    def keep_state(self, scope: Construct) -> None:
        """Declare where Terraform keeps its state: in a local file, or in a team's
        bucket.

        cdktf has no option to lock the state in a bucket; `terraform init` needs
        `-backend-config=use_lockfile=true` for that.
        """
        chosen = self.settings
        if not chosen.state_bucket:
            LocalBackend(scope, path=str(TIDEMARK / chosen.home / STATE))
            return
        S3Backend(
            scope,
            bucket=chosen.state_bucket,
            key=chosen.state_key or f"tidemark/{chosen.home}/{STATE}",
            region=chosen.state_region or chosen.aws_region,
            encrypt=True,
        )

    def connection(self) -> dict[str, Any]:
        """Return the provider's arguments for reaching the services."""
        return {}

    def webhook_url(self, stage: ApiGatewayStage) -> str:
        """Return the public address of `/webhooks` in that stage."""
        return f"{stage.invoke_url}/webhooks"


@dataclass(frozen=True, slots=True)
class LocalStack(Aws):
    """The local cloud, which accepts any credentials."""

    def keep_state(self, scope: Construct) -> None:
        LocalBackend(scope, path=STATE)

    def connection(self) -> dict[str, Any]:
        endpoints = dict.fromkeys(SERVICES, self.settings.endpoint_url)
        return {
            "access_key": "test",
            "secret_key": "test",
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "endpoints": [AwsProviderEndpoints(**endpoints)],
        }

    def webhook_url(self, stage: ApiGatewayStage) -> str:
        # `invoke_url` would name AWS's host.
        api = f"{self.settings.endpoint_url}/_aws/execute-api/{stage.rest_api_id}"
        return f"{api}/{stage.stage_name}/webhooks"


def target_of(settings: Settings) -> Aws:
    """Return the target that the settings name."""
    return LocalStack(settings) if settings.target == "local" else Aws(settings)
