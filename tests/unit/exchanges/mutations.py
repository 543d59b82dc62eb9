"""Messages that differ in one place from one that is right, or in many."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from services.market.exact_json import Ambiguous, Constant, Json, dumps

# What stands for no value of any field of any venue.
NO_VALUES: tuple[Json, ...] = (None, [], {}, "", "\n", Constant("NaN"))

type Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The place of each value in a message, its parts and the message itself."""
    yield path
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield from paths(member, (*path, key))


def replaced(message: Any, path: Path, value: Json) -> Json:
    """The message with another value in that place."""
    if not path:
        return value
    changed = copy.deepcopy(message)
    _parent(changed, path)[path[-1]] = value
    return changed  # type: ignore[no-any-return]  # it is Json as the message is


def removed(message: Any, path: Path) -> Json:
    """The message without what is in that place."""
    changed = copy.deepcopy(message)
    del _parent(changed, path)[path[-1]]
    return changed  # type: ignore[no-any-return]


def doubled(message: Any, path: Path) -> Json:
    """The message with that key a second time, where the place is in an object."""
    parent = _parent(message, path)
    if not isinstance(parent, dict):
        return removed(message, path)
    key = str(path[-1])
    twice = Ambiguous(key, (*parent.items(), (key, parent[key])))
    return replaced(message, path[:-1], twice)


def changed_in_one_place(message: Json) -> Iterator[str]:
    """Every message that lacks one value, or has none in its place, or has it twice."""
    for path in list(paths(message))[1:]:
        yield dumps(removed(message, path))
        yield dumps(doubled(message, path))
        yield from (dumps(replaced(message, path, value)) for value in NO_VALUES)


scalars = st.none() | st.booleans() | st.text() | st.integers() | st.decimals()
garbage = st.recursive(
    scalars.map(lambda value: value if isinstance(value, str | bool) else str(value)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn, message: Json) -> str:
    """The message with up to three of its values or parts replaced or removed."""
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(message))[1:]
        if not places:
            break
        path = draw(st.sampled_from(places))
        value = draw(garbage | st.sampled_from(NO_VALUES) | _part(message, places))
        change = draw(st.sampled_from(["replace", "remove", "double"]))
        match change:
            case "replace":
                message = replaced(message, path, value)
            case "remove":
                message = removed(message, path)
            case _:
                return dumps(doubled(message, path))
    return dumps(message)


def _part(message: Any, places: list[Path]) -> st.SearchStrategy[Json]:
    """Any part of the message itself: values of the right kind in the wrong place."""

    def at(path: Path) -> Json:
        value = message
        for key in path:
            value = value[key]
        return copy.deepcopy(value)  # type: ignore[no-any-return]

    return st.sampled_from(places).map(at)


def _parent(message: Any, path: Path) -> Any:
    for key in path[:-1]:
        message = message[key]
    return message
