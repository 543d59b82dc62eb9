"""The definitions of all channels, in the secret `alert-channels` and nowhere else."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from services.channels.registry import read_definitions
from services.market.errors import InvalidValue
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

PREVIOUS = "AWSPREVIOUS"


@dataclass(frozen=True, slots=True)
class StoredChannels:
    """The secret of one environment."""

    secrets: "SecretsManagerClient"
    arn: str

    @classmethod
    def of(cls, environment: Environment) -> Self:
        """Raise `ToolError` if nothing is deployed, or no secret."""
        arn = environment.outputs().get("alert_channels_secret_arn")
        if not arn:
            raise ToolError(
                "What is deployed has no channels yet: run `make up`, or `make deploy`."
            )
        return cls(environment.clients.secretsmanager, arn)

    def read(self) -> dict[str, Any]:
        """The definitions by name; none before the first one was added."""
        try:
            value = self.secrets.get_secret_value(SecretId=self.arn)
        except self.secrets.exceptions.ResourceNotFoundException:
            return {}
        try:
            return read_definitions(value.get("SecretString", ""))
        except InvalidValue as bad:
            raise ToolError(f"{bad.reason}: something else has written it.") from bad

    def write(self, definitions: dict[str, Any]) -> None:
        """Replace all of them, and let Secrets Manager delete what they were before.

        It keeps a version as long as that has a label, and gives the one before the
        current one the label `AWSPREVIOUS`.
        """
        text = json.dumps(definitions, sort_keys=True)
        self.secrets.put_secret_value(SecretId=self.arn, SecretString=text)
        labels = self.secrets.describe_secret(SecretId=self.arn)["VersionIdsToStages"]
        for version in [each for each in labels if PREVIOUS in labels[each]]:
            self.secrets.update_secret_version_stage(
                SecretId=self.arn, VersionStage=PREVIOUS, RemoveFromVersionId=version
            )
