"""Permissions as values: resources offer them, and functions list them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allow:
    """Permission for `actions` on `resources` (ARNs), and on nothing else.

    `exceptions` has the reason for each action that no end-to-end test calls.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    exceptions: Mapping[str, str] = field(default_factory=dict)

    def statement(self) -> dict[str, object]:
        """Return the statement of an IAM policy."""
        return {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
