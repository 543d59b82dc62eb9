"""A deployed environment as repairs see it: its clients and the stack's outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tidemark.environment import Environment
from tidemark.stored.clients import Clients


@dataclass(frozen=True, slots=True)
class Deployed:
    """`home` is its folder in `.tidemark`."""

    clients: Clients
    outputs: Mapping[str, Any]
    home: Path
    on_aws: bool = False

    @classmethod
    def of(cls, environment: Environment) -> Self:
        """Read the outputs once. Raise `ToolError` if nothing is deployed."""
        settings = environment.settings
        return cls(
            environment.clients,
            environment.outputs(),
            settings.home,
            on_aws=settings.target == "aws",
        )

    @property
    def prices_table(self) -> str:
        """The name of crypto-prices."""
        return str(self.outputs["prices_table_name"])

    @property
    def alerts_table(self) -> str:
        """The name of market-alerts."""
        return str(self.outputs["alerts_table_name"])

    @property
    def rules_table(self) -> str:
        """The name of alert-rules."""
        return str(self.outputs["rules_table_name"])
