"""Permissions as values: resources offer them, functions list them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allow:
    """Leave to do `actions` on `resources` (ARNs), and on nothing else.

    `only_on_aws` explains those actions that no test sees taken in the local cloud.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    only_on_aws: Mapping[str, str] = field(default_factory=dict)

    def statement(self) -> dict[str, object]:
        """The same as a statement of an IAM policy."""
        return {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
