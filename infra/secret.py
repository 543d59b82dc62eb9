"""A secret whose value only the tool writes; Terraform never sees it."""

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from infra.checkov_exceptions import add_exceptions
from infra.encryption import Key
from infra.permissions import Allow
from infra.settings import Settings


class Secret(Construct):
    """A secret without a value, encrypted with the key.

    It is destroyed at once, without a recovery window, which would keep its name.
    """

    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, key: Key
    ) -> None:
        super().__init__(scope, name)
        secret = SecretsmanagerSecret(
            self,
            "Default",
            name=settings.name(name),
            description="Written by `tidemark channels`, read by notifier",
            kms_key_id=key.arn,
            recovery_window_in_days=0,
        )
        add_exceptions(secret, SECRET_EXCEPTIONS)
        self.arn: str = secret.arn
        self.read = Allow(("secretsmanager:GetSecretValue",), (secret.arn,))


SECRET_EXCEPTIONS = {
    "CKV2_AWS_57": "other services issue what is in it; no function can rotate it",
}
