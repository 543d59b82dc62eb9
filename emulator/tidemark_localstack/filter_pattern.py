"""Parse CloudWatch Logs filter patterns for plain text: terms, `?`, `-` and quotes.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
JSON, space-delimited and regular expression patterns are refused.
"""

import re
from dataclasses import dataclass
from functools import cache

UNSUPPORTED = {
    "{": "JSON",
    "[": "space-delimited",
    "%": "regular expression",
}
TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)')
BARE_TERM = re.compile(r"\w+", re.ASCII)


class UnsupportedPattern(ValueError):
    """The pattern is malformed, or of a kind that the local cloud does not evaluate."""


@dataclass(frozen=True, slots=True)
class FilterPattern:
    """The terms of a pattern; each is case-sensitive and matches anywhere."""

    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def matches(self, message: str) -> bool:
        """Return True if a log event with this message passes the filter."""
        if any(term in message for term in self.excluded):
            return False
        if self.required or self.excluded:
            # AWS ignores `?` terms where there are others.
            return all(term in message for term in self.required)
        return not self.optional or any(term in message for term in self.optional)


@cache
def parse(pattern: str) -> FilterPattern:
    """Raise UnsupportedPattern if it cannot be parsed. An empty one matches all."""
    text = pattern.strip()
    if kind := UNSUPPORTED.get(text[:1]):
        raise UnsupportedPattern(
            f"The local cloud does not support {kind} filter patterns: {pattern}"
        )
    terms: dict[str, list[str]] = {"": [], "-": [], "?": []}
    position = 0
    while position < len(text):
        found = TERM.match(text, position)
        if found is None:
            raise UnsupportedPattern(f"Invalid filter pattern: {pattern}")
        terms[found[1]].append(_term(found[2], found[3]))
        position = found.end()
    return FilterPattern(tuple(terms[""]), tuple(terms["-"]), tuple(terms["?"]))


def _term(quoted: str | None, bare: str | None) -> str:
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted)
    if bare is None or not BARE_TERM.fullmatch(bare):
        raise UnsupportedPattern(f"Invalid character(s) in term '{bare}'")
    return bare
