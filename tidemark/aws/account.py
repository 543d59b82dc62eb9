"""Whose account the shell's credentials are of."""

import os
import re
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from infra.settings import Settings
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients

LONGEST_REASON = 200
# What boto3 raises where a service does not answer the question.
NoAnswer = (BotoCoreError, ClientError, ResponseParserError)


def reason(error: Exception) -> str:
    """What a service answered, in a line, even where it answered with a page."""
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
        """Ask AWS; raises ToolError where it refuses the credentials."""
        try:
            identity = clients.of("sts").get_caller_identity()
        except ClientError as error:
            raise ToolError(
                f"AWS refuses these credentials: {reason(error)}"
            ) from error
        return cls(identity["Account"], identity.get("Arn", "of nobody it names"))

    def line(self, settings: Settings) -> str:
        """Where a command is about to work, and as whom."""
        elsewhere = os.environ.get("AWS_ENDPOINT_URL")
        through = f", through {elsewhere}" if elsewhere else ""
        return (
            f"Account {self.id} ({self.caller}), region {settings.aws_region}, "
            f"environment {settings.environment_suffix}{through}"
        )
