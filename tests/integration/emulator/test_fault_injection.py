"""A fault counts as a hit only if it had its effect."""

import json

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import asyncio
import json
import subprocess
import time
from types import SimpleNamespace

from tidemark_localstack.fault_injection import calls, invocations, page, processes
from tidemark_localstack.fault_injection.rules import Hit, Rule, active
from tidemark_localstack.functions.model import Function


def kill(access_key):
    hit = Hit("f", "sqs:SendMessage", when="after", access_key=access_key)
    calls.apply(active.hit(hit, "kill"), hit)


def time_out(takes_s):
    async def original(process, invocation):
        await asyncio.wait_for(asyncio.sleep(takes_s), process._function.timeout_s)

    process = SimpleNamespace(_function=function)
    try:
        asyncio.run(invocations.invoke(original, process, None))
    except TimeoutError:
        pass


named = {"AWS_LAMBDA_FUNCTION_NAME": "f"}
function = Function("$LATEST", "h", 30, 128, None, None, named)
counted = {}


def count(name, rule, *effects):
    active.add(rule)
    for effect in effects:
        effect()
    counted[name] = active.shown()[0]["hits"]
    active.clear()


child = subprocess.Popen(["sleep", "60"])
processes.note("known", child.pid)
KILL = Rule("kill", "f", "sqs:SendMessage", when="after")
TIME_OUT = Rule("time-out", "f", delay_s=0.2)
PAUSE = Rule("pause", delay_s=1)

count("nobody to kill", KILL, lambda: kill("unknown"))
count("killed", KILL, lambda: kill("known"), child.wait)
count("done in time", TIME_OUT, lambda: time_out(takes_s=0))
count("timed out", TIME_OUT, lambda: time_out(takes_s=60))
no_pause = subprocess.Popen(["sleep", "1.5"])
count("not paused", PAUSE, lambda: page.count_pause(PAUSE, no_pause))
count("paused", PAUSE, lambda: page.pause(PAUSE), lambda: time.sleep(3))
print(json.dumps(counted))
"""


def test_a_fault_is_counted_if_it_had_its_effect() -> None:
    assert json.loads(output_of(PROGRAM)[-1]) == {
        "nobody to kill": 0,
        "killed": 1,
        "done in time": 0,
        "timed out": 1,
        "not paused": 0,
        "paused": 1,
    }
