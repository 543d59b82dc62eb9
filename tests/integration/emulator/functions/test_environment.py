"""An execution environment runs functions on AWS's own runtime client."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tidemark_localstack.functions import environment as module
from tidemark_localstack.functions.environment import (
    EnvironmentClosed,
    ExecutionEnvironment,
    in_order,
)
from tidemark_localstack.functions.model import (
    Function,
    Invocation,
    LogEvent,
    Outcome,
)

AFunction = Callable[..., Function]


def an_invocation(event: object, *, request_id: str = "r-1") -> Invocation:
    payload = json.dumps(event).encode()
    return Invocation(request_id, "arn:f", "Root=1", payload)


def invoke(function: Function, *events: object) -> list[Outcome]:
    """Run the events one after the other in one environment; return the outcomes."""

    async def run(environment: ExecutionEnvironment) -> list[Outcome]:
        return [await environment.invoke(an_invocation(event)) for event in events]

    return within(function, run)


def within[T](
    function: Function, use: Callable[[ExecutionEnvironment], Awaitable[T]]
) -> T:
    async def open_and_use() -> T:
        environment = ExecutionEnvironment(function)
        try:
            return await use(environment)
        finally:
            await environment.close()

    return asyncio.run(open_and_use())


def answer(outcome: Outcome) -> Any:
    return json.loads(outcome.reply.payload)


def text(outcome: Outcome) -> str:
    return "".join(event.message for event in outcome.log)


def test_a_handler_answers_its_event(a_function: AFunction) -> None:
    function = a_function("def handler(event, context): return event['n'] + 1")

    (outcome,) = invoke(function, {"n": 1})

    assert answer(outcome) == 2
    assert not outcome.reply.is_error


def test_a_process_stays_warm_for_the_next_event(a_function: AFunction) -> None:
    function = a_function("import os\ndef handler(event, context): return os.getpid()")

    first, second = invoke(function, {}, {})

    assert answer(first) == answer(second)
    assert "Init Duration" in text(first)
    assert "Init Duration" not in text(second)


def test_the_log_has_the_platforms_lines_around_the_functions_output(
    a_function: AFunction,
) -> None:
    function = a_function(
        """
import logging
print("imported")
def handler(event, context):
    print("printed")
    logging.warning("first line\\nsecond line")
"""
    )

    (outcome,) = invoke(function, {})

    imported, start, printed, logged, end, report = [e.message for e in outcome.log]
    assert (imported, printed) == ("imported\n", "printed\n")
    assert start == "START RequestId: r-1 Version: $LATEST\n"
    assert logged.startswith("[WARNING]")
    assert logged.endswith("first line\nsecond line\n")
    assert end == "END RequestId: r-1\n"
    assert report.startswith("REPORT RequestId: r-1\tDuration: ")
    times = [event.timestamp_ms for event in outcome.log]
    assert times == sorted(times)


def test_log_times_never_decrease() -> None:
    events = [LogEvent(5, "a"), LogEvent(3, "b"), LogEvent(7, "c")]

    assert list(in_order(events)) == [
        LogEvent(5, "a"),
        LogEvent(5, "b"),
        LogEvent(7, "c"),
    ]


def test_an_exception_is_reported_as_the_functions_error(a_function: AFunction) -> None:
    function = a_function("def handler(event, context): raise ValueError('no')")

    (outcome,) = invoke(function, {})

    assert outcome.reply.is_error
    assert answer(outcome)["errorType"] == "ValueError"
    assert "Status:" not in text(outcome)


def test_a_function_can_import_only_its_archive_and_the_runtime(
    a_function: AFunction,
) -> None:
    function = a_function(
        """
import importlib.util, os, sys
def handler(event, context):
    found = [name for name in event if importlib.util.find_spec(name)]
    return {"found": found, "here": os.getcwd(), "first": sys.path[0]}
"""
    )
    names = ["boto3", "awslambdaric", "index", "localstack", "cdktf", "tidemark"]

    (outcome,) = invoke(function, names)

    assert answer(outcome) == {
        "found": ["boto3", "awslambdaric", "index"],
        "here": str(function.task_root),
        "first": str(function.task_root),
    }


def test_a_function_gets_no_variable_of_this_machine(
    a_function: AFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/of/this/machine")
    function = a_function(
        "import os\ndef handler(event, context): return dict(os.environ)", OWN="1"
    )

    (outcome,) = invoke(function, {})

    assert answer(outcome).keys() - {"LC_CTYPE"} == {
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_RUNTIME_API",
        "HOME",
        "OWN",
        "TMPDIR",
        "_X_AMZN_TRACE_ID",
    }


def test_the_files_of_an_environment_are_removed_with_it(a_function: AFunction) -> None:
    function = a_function(
        """
import tempfile
def handler(event, context): return tempfile.mkdtemp()
"""
    )

    (outcome,) = invoke(function, {})

    assert not Path(answer(outcome)).parent.exists()


def test_a_time_out_kills_the_process_and_the_next_event_runs_in_a_new_one(
    a_function: AFunction,
) -> None:
    function = a_function(
        """
import os, time
def handler(event, context):
    time.sleep(event)
    return os.getpid()
""",
        timeout_s=3,  # also of the events that are quick: a busy machine needs a second
    )

    before, stuck, after = invoke(function, 0, 600, 0)

    assert answer(stuck) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: r-1 Error: Task timed out after 3.00 seconds",
    }
    assert "r-1 Task timed out after 3.00 seconds\n" in text(stuck)
    assert answer(before) != answer(after)
    with pytest.raises(ProcessLookupError):
        os.kill(answer(before), 0)


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_crash_is_reported_and_the_next_event_works(
    a_function: AFunction, end: str, message: str
) -> None:
    function = a_function(
        f"""
import os, sys
def handler(event, context):
    if event:
        print("last words")
        {end}
    return "well"
"""
    )

    crashed, after = invoke(function, 1, 0)

    assert answer(crashed) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: r-1 Error: {message}",
    }
    assert "last words\n" in text(crashed)
    assert answer(after) == "well"


def test_child_processes_of_a_function_are_killed_with_it(
    a_function: AFunction,
) -> None:
    function = a_function(
        """
import os, subprocess
def handler(event, context):
    reader, writer = os.pipe()
    subprocess.Popen(["sleep", "600"], pass_fds=[writer])
    return [os.getpid(), reader]
"""
    )

    (outcome,) = invoke(function, {})

    with pytest.raises(ProcessLookupError):
        os.kill(answer(outcome)[0], 0)


def test_a_failed_import_is_reported_for_each_event(
    a_function: AFunction,
) -> None:
    function = a_function("import nosuchmodule")

    outcomes = invoke(function, {}, {})

    for_each = [(answer(o)["errorType"], o.reply.is_error) for o in outcomes]
    assert for_each == [("Runtime.ImportModuleError", True)] * 2
    assert "Unable to import module 'index'" in answer(outcomes[1])["errorMessage"]
    assert "Phase: init\tStatus: error\tError Type: Runtime.ImportModule" in text(
        outcomes[1]
    )


def test_a_crash_during_the_import_is_reported(a_function: AFunction) -> None:
    function = a_function("import os; os._exit(7)")

    (outcome,) = invoke(function, {})

    assert answer(outcome)["errorType"] == "Runtime.ExitError"
    assert "exit status 7" in text(outcome)


def test_an_import_that_takes_too_long_is_retried_within_the_time_out(
    a_function: AFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INIT_TIMEOUT_S", 0.2)
    function = a_function("import time; time.sleep(600)", timeout_s=1)

    (outcome,) = invoke(function, {})

    assert answer(outcome)["errorType"] == "Sandbox.Timedout"


def test_a_response_that_is_too_large_fails_and_the_next_event_works(
    a_function: AFunction,
) -> None:
    function = a_function("def handler(event, context): return 'x' * event")

    large, small = invoke(function, 7_000_000, 1)

    assert answer(large)["errorType"] == "Function.ResponseSizeTooLarge"
    assert answer(small) == "x"


def test_an_environment_closes_when_its_event_has_finished(
    a_function: AFunction, tmp_path: Path
) -> None:
    function = a_function(
        """
def handler(event, context):
    open(event, "w").close()
    return open(event).read()
"""
    )
    meeting_point = tmp_path / "meeting_point"
    os.mkfifo(meeting_point)

    async def close_under(environment: ExecutionEnvironment) -> Outcome:
        event = an_invocation(str(meeting_point))
        invoking = asyncio.create_task(environment.invoke(event))
        await asyncio.to_thread(meeting_point.read_text)
        closing = asyncio.create_task(environment.close())
        await asyncio.to_thread(meeting_point.write_text, "go on")
        await closing
        return await invoking

    assert answer(within(function, close_under)) == "go on"


def test_a_closed_environment_runs_no_event(a_function: AFunction) -> None:
    function = a_function("def handler(event, context): pass")

    async def close_first(environment: ExecutionEnvironment) -> None:
        await environment.close()
        with pytest.raises(EnvironmentClosed):
            await environment.invoke(an_invocation({}))

    within(function, close_first)
