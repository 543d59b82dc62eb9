"""The account that the shell's credentials belong to."""

import os
import re
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from infra.settings import Settings
from tidemark.aws import endpoints
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients

LONGEST_REASON = 200
# boto3 raises these where a service does not answer the question.
NoAnswer = (BotoCoreError, ClientError, ResponseParserError)


def reason(error: Exception) -> str:
    """Return what a service answered in one line, even if it answered with a page."""
    if not isinstance(error, ClientError):
        return _line(str(error))
    answer = error.response["Error"]
    return f"{answer['Code']}, {_line(answer.get('Message', ''))}".rstrip(", ")


def _line(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:LONGEST_REASON]


@dataclass(frozen=True, slots=True)
class Account:
    """An account, and the ARN of the user or role that acts in it."""

    id: str
    caller: str

    @classmethod
    def of(cls, clients: Clients) -> "Account":
        """Ask AWS. Raises `ToolError` where it refuses the credentials, or where
        Terraform would call another AWS.
        """
        endpoints.refuse_differing(os.environ)
        try:
            identity = clients.of("sts").get_caller_identity()
        except ClientError as error:
            raise ToolError(
                f"AWS refuses these credentials: {reason(error)}"
            ) from error
        return cls(identity["Account"], identity.get("Arn", "of nobody it names"))

    def check_terraforms(self, other: str | None) -> None:
        """Raise `ToolError` if Terraform has planned in another account."""
        if other not in (None, self.id):
            raise ToolError(
                f"Terraform would work in account {other}, and these credentials are "
                f"of account {self.id}: nothing was changed. The two read the shell's "
                "credentials in different orders: give them in one way, such as "
                "AWS_PROFILE without AWS_DEFAULT_PROFILE."
            )

    def line(self, settings: Settings) -> str:
        """Return where a command is about to work, as whom, and by which addresses."""
        addresses = endpoints.configured(os.environ)
        through = f", through {' and '.join(addresses)}" if addresses else ""
        return (
            f"Account {self.id} ({self.caller}), region {settings.aws_region}, "
            f"environment {settings.environment_suffix}{through}"
        )
