"""Create a key of the stack through KMS."""

from typing import TYPE_CHECKING, Any

from tidemark.terraform.premade.resource import Resource

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

API_NAMES = {"description": "Description", "policy": "Policy"}
# KMS returns it only for a key that is being deleted.
NOT_READ_BACK = ("deletion_window_in_days",)


def create(kms: "KMSClient", key: Resource) -> dict[str, Any]:
    """Create the key; return it for the state."""
    tags = [{"TagKey": name, "TagValue": value} for name, value in key.tags.items()]
    made = kms.create_key(**key.request(API_NAMES), Tags=tags)["KeyMetadata"]  # type: ignore[arg-type]
    id_ = made["KeyId"]
    if key.configured.get("enable_key_rotation"):
        kms.enable_key_rotation(KeyId=id_)
    return key.only(*NOT_READ_BACK) | {"id": id_, "key_id": id_, "arn": made["Arn"]}
