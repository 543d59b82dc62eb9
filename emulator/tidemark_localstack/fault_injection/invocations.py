"""Faults at invocations: run with a short time-out, or run twice."""

from dataclasses import replace
from typing import Any

from tidemark_localstack.fault_injection import processes
from tidemark_localstack.fault_injection.rules import Hit, active

NAME, ACCESS_KEY = "AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID"


async def start(original: Any, cls: Any, function: Any, scratch: Any) -> Any:
    """Note the process that starts."""
    process = await original(function, scratch)
    processes.note(function.variables[ACCESS_KEY], process._process.pid)
    return process


async def end(original: Any, process: Any) -> Any:
    """Forget the process that ends."""
    processes.forget(process._function.variables[ACCESS_KEY], process._process.pid)
    return await original(process)


async def invoke(original: Any, process: Any, invocation: Any) -> Any:
    """Shorten the time-out of this one invocation. It is hit if it times out."""
    function = process._function
    rule = active.hit(Hit(function.variables[NAME]), "time-out")
    if rule is None:
        return await original(process, invocation)
    process._function = replace(function, timeout_s=rule.delay_s)
    try:
        reply = await original(process, invocation)
    finally:
        process._function = function
    active.count(rule, -1)
    return reply


def execute(original: Any, executor: Any, payload: Any) -> Any:
    """Run an event, and with a rule the same event again; return the last result."""
    result = original(executor, payload)
    name = executor.function_version.id.function_name
    if active.hit(Hit(name), "twice"):
        return original(executor, payload)
    return result
