"""All that a table can hold: attributes of every type of DynamoDB's."""

from base64 import b64encode
from typing import Any

from hypothesis import strategies as st

# DynamoDB has no lone surrogates, 38 digits, and no empty sets.
_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
_numbers = st.integers(-(10**38) + 1, 10**38 - 1).map(str) | st.sampled_from(
    ["0", "1E+125", "-1E-130", "100", "0.1", "1E-25"]
)
_scalars = st.one_of(
    st.builds(lambda text: {"S": text}, _texts),
    st.builds(lambda number: {"N": number}, _numbers),
    st.builds(lambda content: {"B": content}, st.binary(max_size=20)),
    st.builds(lambda truth: {"BOOL": truth}, st.booleans()),
    st.just({"NULL": True}),
    st.builds(lambda texts: {"SS": [*texts]}, st.sets(_texts, min_size=1, max_size=3)),
    st.just({"NS": ["1", "2.5"]}),
    st.just({"BS": [b"1", b"\xff"]}),
)

# As boto3 reads and writes them: Binary is bytes.
attributes: st.SearchStrategy[dict[str, Any]] = st.recursive(
    _scalars,
    lambda inner: (
        st.builds(lambda each: {"L": each}, st.lists(inner, max_size=3))
        | st.builds(
            lambda each: {"M": each}, st.dictionaries(_names, inner, max_size=3)
        )
    ),
    max_leaves=6,
)

# What JSON can hold, and so what an event can.
anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None, exclude_categories=[]))
    | st.sampled_from(["N", "S", "B", "symbol", "timestamp", "price", "1"]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["N", "S", "B", "symbol", "timestamp", "price"])
            | st.text(max_size=5),
            inner,
        )
    ),
    max_leaves=8,
)


def as_event(value: Any) -> Any:
    """The attribute as Lambda hands it over: Binary is base64 text."""
    match value:
        case bytes():
            return b64encode(value).decode()
        case dict():
            return {name: as_event(inner) for name, inner in value.items()}
        case list():
            return [as_event(inner) for inner in value]
    return value
