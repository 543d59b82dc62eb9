"""The stack's outputs, by the names that programs rely on."""

from cdktf import TerraformOutput
from constructs import Construct

SENSITIVE = {"webhook_api_key"}


def declare_outputs(scope: Construct, **values: str) -> None:
    """Output each value under its keyword."""
    for name, value in values.items():
        TerraformOutput(scope, name, value=value, sensitive=name in SENSITIVE)
