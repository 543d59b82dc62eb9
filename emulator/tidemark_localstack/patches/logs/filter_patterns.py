"""Evaluate filter patterns.

LocalStack: each event matches each filter pattern.
AWS: evaluates patterns. Here: patterns of terms are evaluated, others are refused when
they are set.

localstack/services/logs/provider.py (`get_pattern_matcher`), moto/logs/models.py
"""

from collections.abc import Callable
from typing import Any

from localstack.aws.api.logs import InvalidParameterException
from localstack.services.logs import provider
from moto.logs.models import LogsBackend

from tidemark_localstack.filter_pattern import UnsupportedPattern, parse
from tidemark_localstack.patches.patching import replace, wrap

# Position of the pattern among the arguments after `self`.
CHECKED = (
    ("put_subscription_filter", 2),
    ("put_metric_filter", 1),
    ("filter_log_events", 6),
)


def apply() -> None:
    replace(provider, "get_pattern_matcher", pattern_matcher)
    for method, position in CHECKED:
        wrap(LogsBackend, method, refusing_unsupported(position))


def pattern_matcher(pattern: str) -> Callable[[str, Any], bool]:
    parsed = parse(pattern)
    return lambda _pattern, event: parsed.matches(event["message"])


def refusing_unsupported(position: int) -> Callable[..., Any]:
    def checked(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = args[position] if len(args) > position else kwargs["filter_pattern"]
        try:
            parse(given or "")
        except UnsupportedPattern as error:
            raise InvalidParameterException(str(error)) from error
        return original(self, *args, **kwargs)

    return checked
