"""Permissions as values: resources offer them, functions list them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allow:
    """Leave to do `actions` on `resources` (ARNs), and on nothing else."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def statement(self) -> dict[str, object]:
        """The same as a statement of an IAM policy."""
        return {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
