"""Skip work that LocalStack repeats for each request or invocation without effect.

twisted/web/, localstack/aws/connect.py
"""

from typing import Any

from localstack.aws.connect import InternalClientFactory
from twisted.web import http, server

from tidemark_localstack.patches.patching import replace, wrap


def apply() -> None:
    # Twisted parses forms, which nothing reads, and refuses malformed ones.
    wrap(server.Site, "__init__", initialise_site)
    # An access log besides LocalStack's own that is written nowhere.
    replace(http.HTTPFactory, "log", lambda factory, request: None)
    wrap(InternalClientFactory, "with_assumed_role", assumed_role())


def initialise_site(original: Any, *args: Any, **options: Any) -> None:
    original(*args, **options, parsePOSTFormSubmission=False)


def assumed_role() -> Any:
    """Assume each role once: policies and the end of a session are not enforced."""
    known: dict[tuple[str, ...], Any] = {}

    def assume(original: Any, self: Any, **given: Any) -> Any:
        key = tuple(f"{name}={value}" for name, value in sorted(given.items()))
        if key not in known:
            known[key] = original(self, **given)
        return known[key]

    return assume
