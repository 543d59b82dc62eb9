"""Create a secret of the stack, without a value, through Secrets Manager."""

from typing import TYPE_CHECKING, Any

from tidemark.terraform.premade.resource import Resource

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

API_NAMES = {"description": "Description", "kms_key_id": "KmsKeyId", "name": "Name"}
# It matters only when Terraform deletes the secret.
NOT_READ_BACK = ("recovery_window_in_days",)


def create(manager: "SecretsManagerClient", secret: Resource) -> dict[str, Any]:
    """Create the secret, or return the one that exists, for the state."""
    name = secret.configured["name"]
    tags: Any = [{"Key": key, "Value": value} for key, value in secret.tags.items()]
    try:
        arn = manager.create_secret(**secret.request(API_NAMES), Tags=tags)["ARN"]
    except manager.exceptions.ResourceExistsException:
        arn = manager.describe_secret(SecretId=name)["ARN"]
    return secret.only(*NOT_READ_BACK) | {
        "id": arn,
        "arn": arn,
        "force_overwrite_replica_secret": False,
    }
