"""The channels of the environment, read from their secret at most once a minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from services.aws.clients import error_code
from services.channels.registry import Channels, read_channels

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_S = 60
NO_VALUE = "ResourceNotFoundException"


@dataclass(slots=True)
class Configuration:
    """The secret `arn`; `clock` counts seconds."""

    secrets: SecretsManagerClient
    arn: str
    test_hosts: frozenset[str]
    clock: Callable[[], float]
    _channels: Channels = field(default_factory=Channels)
    _until: float = float("-inf")

    def channels(self) -> Channels:
        """Raise AWS's errors, and `InvalidValue` if the secret is no JSON object."""
        if self.clock() >= self._until:
            self._channels = self._read()
            self._until = self.clock() + KEPT_S
        return self._channels

    def _read(self) -> Channels:
        try:
            value = self.secrets.get_secret_value(SecretId=self.arn)
        except ClientError as error:
            if error_code(error) == NO_VALUE:  # no channel was ever added
                return Channels()
            raise
        return read_channels(value["SecretString"], test_hosts=self.test_hosts)
