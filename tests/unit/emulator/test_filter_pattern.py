"""Filter patterns match as on AWS, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark_localstack.filter_pattern import UnsupportedPattern, parse

OURS = "?ERROR ?Error ?error ?exception ?Exception"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "anything"),
        ("  ", "anything"),
        ("ERROR", "[ERROR 400] BAD REQUEST"),
        ("ERROR ARGUMENTS", "[ERROR] UNAUTHORIZED ARGUMENTS"),
        ("?ERROR ?ARGUMENTS", "ARGUMENTS missing"),
        ("ERROR -ARGUMENTS", "ERROR 401"),
        ("-ERROR", "all is well"),
        ('"INTERNAL SERVER ERROR"', "500 INTERNAL SERVER ERROR!"),
        (r'"say \"hi\""', 'they say "hi"'),
        ('-"not this"', "but this"),
        (OURS, "java.lang.NullPointerException"),
        (OURS, '{"level":"ERROR","message":"refused"}'),
        # AWS ignores `?` terms where there are others.
        ("?ERROR ?WARN REQUEST", "REQUEST served"),
    ],
)
def test_a_pattern_matches(pattern: str, message: str) -> None:
    assert parse(pattern).matches(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("ERROR", "error in lower case"),
        ("ERROR ARGUMENTS", "ERROR alone"),
        ("?ERROR ?ARGUMENTS", "neither"),
        ("ERROR -ARGUMENTS", "ERROR ARGUMENTS"),
        ("-ERROR", "ERROR"),
        ('"INTERNAL SERVER ERROR"', "INTERNAL ERROR of the SERVER"),
        (OURS, "REPORT RequestId: 1 Duration: 2 ms"),
        ("?ERROR ?WARN REQUEST", "ERROR"),
    ],
)
def test_a_pattern_does_not_match(pattern: str, message: str) -> None:
    assert not parse(pattern).matches(message)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ('{ $.level = "ERROR" }', "not support JSON filter patterns"),
        ("[ip, user, status_code=4*]", "not support space-delimited filter patterns"),
        ("%ERR.*%", "not support regular expression filter patterns"),
        ('"open', "Invalid filter pattern"),
        ('half"quoted"', "Invalid filter pattern"),
        ("a:b", "Invalid character"),
        ("?", "Invalid character"),
    ],
)
def test_an_unsupported_or_invalid_pattern_is_refused(
    pattern: str, reason: str
) -> None:
    with pytest.raises(UnsupportedPattern, match=reason):
        parse(pattern)


words = st.from_regex(r"[A-Za-z0-9_]+", fullmatch=True)


@given(st.lists(words, min_size=1), st.text(), st.text())
def test_terms_match_anywhere_in_any_order(
    terms: list[str], before: str, after: str
) -> None:
    assert parse(" ".join(terms)).matches(before + " ".join(reversed(terms)) + after)
