"""Replace parts of LocalStack by name. A missing name raises AttributeError."""

import functools
from collections.abc import Callable
from typing import Any


def replace(owner: Any, name: str, new: Any) -> None:
    """Replace `owner.name` by `new`."""
    getattr(owner, name)
    setattr(owner, name, new)


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Replace `owner.name` by a function that calls `around(original, …)`."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(owner, name, wrapped)
