"""Work that LocalStack repeats for every request or invocation, to no effect.

twisted/web/http.py, localstack/aws/connect.py
"""

from functools import lru_cache
from typing import Any

from localstack.aws.connect import InternalClientFactory
from twisted.web import http

from tidemark_localstack.patches.patching import replace, wrap


def apply() -> None:
    # Parsed as an e-mail's header, every time.
    replace(http, "_parseContentType", lru_cache(1024)(http._parseContentType))
    # An access log beside LocalStack's own, which nobody keeps.
    replace(http.HTTPFactory, "log", lambda factory, request: None)
    wrap(InternalClientFactory, "with_assumed_role", assumed_role())


def assumed_role() -> Any:
    """Assume a role once and for all: its policies are not enforced, nor its end."""
    known: dict[tuple[str, ...], Any] = {}

    def assume(original: Any, self: Any, **given: Any) -> Any:
        key = tuple(f"{name}={value}" for name, value in sorted(given.items()))
        if key not in known:
            known[key] = original(self, **given)
        return known[key]

    return assume
