"""The S3 bucket that keeps the state."""

from botocore.exceptions import ClientError

from tidemark.aws.account import reason
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients


def check(clients: Clients) -> None:
    """Raise `ToolError` if STATE_BUCKET does not exist or cannot be used."""
    name = clients.settings.state_bucket
    try:
        clients.of("s3").head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            raise ToolError(
                f"STATE_BUCKET={name}: this bucket does not exist. Create it, with "
                "versioning enabled."
            ) from error
        raise ToolError(f"STATE_BUCKET={name}: {reason(error)}") from error
