"""Replacing parts of LocalStack by name; what is not there raises AttributeError."""

import functools
from collections.abc import Callable
from typing import Any


def replace(owner: Any, name: str, new: Any) -> None:
    """Put `new` in the place of `owner.name`."""
    getattr(owner, name)
    setattr(owner, name, new)


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Put `around(original, …)` in the place of `owner.name`."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(owner, name, wrapped)
