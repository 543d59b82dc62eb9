"""Faults at the calls that functions make: refused, stalled, or the caller killed."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from localstack.aws.api import CommonServiceException

from tidemark_localstack.call_recording.handler import access_key_of, function_of
from tidemark_localstack.fault_injection import processes
from tidemark_localstack.fault_injection.rules import Hit, Rule, active

EFFECTS = ("refuse", "kill", "stall")


def before(chain: object, context: Any, response: object) -> None:
    """Apply the rules before the call is carried out; a handler of LocalStack's."""
    if hit := hit_of(context):
        # DynamoDB's provider replaces the header that tells the caller.
        context.tidemark_hit = hit
        if rule := active.hit(hit, *EFFECTS):
            apply(rule, hit)


def after(chain: object, context: Any, response: object) -> None:
    """Apply the rules after the call was carried out, before its answer is sent."""
    hit: Hit | None = getattr(context, "tidemark_hit", None)
    if hit and (rule := active.hit(replace(hit, when="after"), *EFFECTS)):
        apply(rule, hit)


def apply(rule: Rule, hit: Hit) -> None:
    """Wait, or kill the process that calls; before a call, raise the refusal."""
    if rule.effect == "stall":
        time.sleep(rule.delay_s)
        return
    if rule.effect == "kill" and not kill(hit):
        active.count(rule, -1)
        return
    if rule.when == "before":
        raise CommonServiceException(rule.code, "injected fault", 400)


def kill(hit: Hit) -> bool:
    """Kill the processes of the caller; return True if there was one."""
    killed = False
    for pid in processes.of(hit.access_key):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed


def hit_of(context: Any) -> Hit | None:
    """The call, if a function makes it."""
    if context.operation is None or not active.any:
        return None
    function = function_of(context)
    if function is None:
        return None
    action = f"{context.service.service_name}:{context.operation.name}"
    return Hit(
        function,
        action,
        request=context.service_request,
        access_key=access_key_of(context) or "",
    )


def batch_execute_statement(
    original: Any, provider: Any, context: Any, *args: Any, **given: Any
) -> Any:
    """Carry out a part of the statements, and refuse the others inside the answer."""
    hit: Hit | None = getattr(context, "tidemark_hit", None)
    rule = active.hit(hit, "refuse-statements") if hit else None
    if rule is None:
        return original(provider, context, *args, **given)
    request = context.service_request
    statements = request["Statements"]
    error = {"Code": rule.code, "Message": "injected fault"}
    refused = max(1, round(len(statements) * rule.share))
    carried_out = statements[refused:]
    answers: Iterator[Any] = iter(())
    if carried_out:
        part = {**request, "Statements": carried_out}
        answers = iter(provider.forward_request(context, part)["Responses"])
    return {"Responses": [*({"Error": error} for _ in range(refused)), *answers]}
