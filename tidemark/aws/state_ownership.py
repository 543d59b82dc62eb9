"""Check that a state belongs to the environment of the settings and credentials."""

from infra.settings import Settings
from tidemark.aws.account import Account
from tidemark.machine.errors import ToolError
from tidemark.terraform.state import Owner, State


def check(state: State, account: Account, settings: Settings) -> None:
    """Raise `ToolError` if a state describes anything in another environment."""
    ours = Owner(account.id, settings.aws_region, settings.environment_suffix)
    for other in sorted(state.owners() - {ours}):
        raise ToolError(
            f"The state describes account {other.account}, region {other.region}, "
            f"environment {other.environment}, but the credentials and settings name "
            "another one."
        )
