"""The outputs of the stack; other programs rely on their names."""

from cdktf import TerraformOutput
from constructs import Construct

SENSITIVE = {"webhook_api_key"}


def declare_outputs(scope: Construct, **values: str) -> None:
    """Declare an output for each keyword, with its value."""
    for name, value in values.items():
        TerraformOutput(scope, name, value=value, sensitive=name in SENSITIVE)
