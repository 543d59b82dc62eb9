"""Whether a state is of the environment that the settings and credentials name."""

from infra.settings import Settings
from tidemark.aws.account import Account
from tidemark.machine.errors import ToolError
from tidemark.terraform.state import Owner, State


def check(state: State, account: Account, settings: Settings) -> None:
    """Raise ToolError where a state describes anything in another environment."""
    ours = Owner(account.id, settings.aws_region, settings.environment_suffix)
    for other in sorted(state.owners() - {ours}):
        raise ToolError(
            f"The state at hand describes account {other.account}, region "
            f"{other.region}, environment {other.environment}: these credentials and "
            "settings are of another."
        )
