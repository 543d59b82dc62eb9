"""An execution environment: runs one event at a time in a process that stays warm.

As on AWS, a process that timed out, crashed or failed to import its handler is replaced
at the next event, in the same environment and log stream.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tidemark_localstack.functions import report
from tidemark_localstack.functions.faults import Fault, InitFailed, TimedOut
from tidemark_localstack.functions.model import (
    Function,
    Invocation,
    LogEvent,
    Outcome,
    Reply,
)
from tidemark_localstack.functions.runtime_process import RuntimeProcess

# AWS allows the first initialisation 10 s. If it takes longer, AWS repeats it as part
# of the invocation, within the function's time-out.
INIT_TIMEOUT_S = 10


class EnvironmentClosed(Exception):
    """The environment was closed and runs no more events."""


class ExecutionEnvironment:
    """Used on one event loop only."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._scratch = Path(tempfile.mkdtemp(prefix="lambda-"))
        self._process: RuntimeProcess | None = None
        self._log: list[LogEvent] = []
        self._busy = asyncio.Lock()
        self._closed = False

    async def invoke(self, invocation: Invocation) -> Outcome:
        """Run one event and return its outcome, also if it fails."""
        async with self._busy:
            if self._closed:
                raise EnvironmentClosed
            return await self._invoke(invocation)

    async def close(self) -> None:
        """Wait for the current event, then remove the process and its files."""
        async with self._busy:
            self._closed = True
            await self._collect(end=True)
        shutil.rmtree(self._scratch, ignore_errors=True)

    async def _invoke(self, invocation: Invocation) -> Outcome:
        init_ms, init_fault = await self._ensure_initialised()
        self._write(report.start(invocation.request_id, self._function.version))
        started = time.perf_counter()
        reply, fault = await self._run(invocation, init_fault)
        usage = report.Usage(
            duration_ms=(time.perf_counter() - started) * 1000,
            init_ms=init_ms,
            memory_mb=self._process.memory_mb if self._process else 0,
        )
        await self._collect(end=fault is not None)
        if fault is not None and not isinstance(fault, InitFailed):
            self._write(report.failure(invocation.request_id, fault))
        self._write(report.end(invocation.request_id))
        self._write(report.report(invocation.request_id, self._function, usage, fault))
        log, self._log = tuple(in_order(self._log)), []
        return Outcome(reply, log)

    async def _run(
        self, invocation: Invocation, init_fault: Fault | None
    ) -> tuple[Reply, Fault | None]:
        try:
            if init_fault is not None:
                raise init_fault
            assert self._process is not None
            return await self._process.invoke(invocation), None
        except Fault as fault:
            return fault.reply(invocation.request_id), fault

    async def _ensure_initialised(self) -> tuple[float | None, Fault | None]:
        if self._process is not None and not self._process.is_running:
            await self._collect(end=True)
        if self._process is not None:
            return None, None
        started = time.perf_counter()
        fault = await self._initialise(INIT_TIMEOUT_S)
        if isinstance(fault, TimedOut):
            await self._collect(end=True)
            fault = await self._initialise(self._function.timeout_s)
        init_ms = (time.perf_counter() - started) * 1000
        await self._collect(end=False)
        if fault is not None:
            self._write(report.init_report(init_ms, fault))
        return init_ms, fault

    async def _initialise(self, timeout_s: float) -> Fault | None:
        self._process = await RuntimeProcess.start(self._function, self._scratch)
        try:
            await self._process.initialise(timeout_s)
        except Fault as fault:
            return fault
        return None

    async def _collect(self, *, end: bool) -> None:
        if self._process is None:
            return
        if end:
            self._log += await self._process.end()
            self._process = None
        else:
            self._log += self._process.take_log()

    def _write(self, message: str) -> None:
        self._log.append(LogEvent(int(time.time() * 1000), message))


def in_order(events: Iterable[LogEvent]) -> Iterator[LogEvent]:
    """Make times ascend: CloudWatch Logs refuses a batch that is out of order."""
    latest_ms = 0
    for event in events:
        latest_ms = max(latest_ms, event.timestamp_ms)
        yield LogEvent(latest_ms, event.message)
