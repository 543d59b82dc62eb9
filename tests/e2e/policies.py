"""Evaluate policies as IAM does.

Only conditions on the source of a service's call are supported. Every other condition
and every unknown element raises KeyError.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tidemark_localstack.call_recording.record import Call

type Policy = Mapping[str, Any]
type Statement = Mapping[str, Any]


def allows(policy: Policy, call: Call) -> bool:
    """Return True if a statement allows the call and none denies it."""
    effects = {s["Effect"] for s in statements(policy) if _applies(s, call)}
    return effects == {"Allow"}


def statements(policy: Policy) -> list[Statement]:
    return _listed(policy["Statement"])


def split(policy: Policy) -> Iterator[Policy]:
    """Yield a policy for each combination of action, resource and principal."""
    for statement in statements(policy):
        for action in _listed(statement["Action"]):
            for resource in _listed(statement.get("Resource", "*")):
                for principal in _principals(statement):
                    one = {"Action": action, "Resource": resource, **principal}
                    yield {"Statement": {**statement, **one}}


def _principals(statement: Statement) -> Iterator[Statement]:
    if "Principal" not in statement:
        yield {}
        return
    for kind, names in _by_kind(statement["Principal"]):
        yield from ({"Principal": {kind: name}} for name in names)


def _by_kind(principal: Any) -> list[tuple[str, list[str]]]:
    if principal == "*":
        return [("AWS", ["*"])]
    return [(kind, _listed(names)) for kind, names in principal.items()]


def _applies(statement: Statement, call: Call) -> bool:
    if unknown := statement.keys() - ELEMENTS.keys() - {"Effect", "Sid"}:
        raise KeyError(*unknown)
    return all(
        fits(statement[element], call)
        for element, fits in ELEMENTS.items()
        if element in statement
    )


def _is_by(principal: Any, call: Call) -> bool:
    return any(
        PRINCIPALS[kind](name, call.principal)
        for kind, names in _by_kind(principal)
        for name in names
    )


def _is_role(name: str, principal: str) -> bool:
    """Return True also if `name` is the account, which delegates to role policies."""
    if not principal.startswith("arn:"):
        return False
    account = principal.split(":")[4]
    return name in ("*", account, f"arn:aws:iam::{account}:root", principal)


def _does(actions: Any, call: Call) -> bool:
    called = call.action.lower()
    return any(_like(action.lower(), called) for action in _listed(actions))


def _is_on(resources: Any, call: Call) -> bool:
    return any(_like(resource, call.resource) for resource in _listed(resources))


def _holds(condition: Any, call: Call) -> bool:
    return all(
        any(OPERATORS[operator](value, _fact(key, call)) for value in _listed(values))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _fact(key: str, call: Call) -> str:
    """Return an empty text for a call without a source, which no condition matches."""
    source = call.source or ":::::"
    arn, account = call.source or "", source.split(":")[4]
    return {"aws:sourcearn": arn, "aws:sourceaccount": account}[key.lower()]


def _like_arn(pattern: str, value: str) -> bool:
    """Match part by part: a wildcard spans a colon only in the last part."""
    pairs = zip(pattern.split(":", 5), value.split(":", 5), strict=False)
    return pattern.count(":") >= 5 <= value.count(":") and all(
        _like(*pair) for pair in pairs
    )


def _like(pattern: str, value: str) -> bool:
    return _wildcards(pattern).fullmatch(value) is not None


@cache
def _wildcards(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"([*?])", pattern))
    text = "".join({r"\*": ".*", r"\?": "."}.get(part, part) for part in parts)
    return re.compile(text, re.DOTALL)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# The condition comes last: it may be an unsupported one of a call that does not match.
ELEMENTS = {
    "Principal": _is_by,
    "Action": _does,
    "Resource": _is_on,
    "Condition": _holds,
}
PRINCIPALS = {"AWS": _is_role, "Service": str.__eq__}
OPERATORS = {
    "ArnEquals": _like_arn,  # the same as ArnLike, on AWS
    "ArnLike": _like_arn,
    "StringEquals": str.__eq__,
    "StringLike": _like,
}
