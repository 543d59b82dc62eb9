"""One process that runs awslambdaric."""

import asyncio
import time
from pathlib import Path
from typing import Any

from tidemark_localstack import child_processes
from tidemark_localstack.functions.faults import Exited, TimedOut
from tidemark_localstack.functions.model import Function, Invocation, LogEvent, Reply
from tidemark_localstack.functions.output import Output
from tidemark_localstack.functions.report import peak_memory_mb
from tidemark_localstack.functions.runtime_api import RuntimeApi
from tidemark_localstack.functions.variables import process_variables


class RuntimeProcess:
    """Used on one event loop only. Not usable after its first fault."""

    def __init__(
        self,
        function: Function,
        api: RuntimeApi,
        output: Output,
        process: asyncio.subprocess.Process,
    ) -> None:
        self._function = function
        self._api = api
        self._output = output
        self._process = process
        self._exit = asyncio.ensure_future(process.wait())

    @classmethod
    async def start(cls, function: Function, scratch: Path) -> "RuntimeProcess":
        """Start a process; the existing folder `scratch` is its /tmp and home."""
        api, output = RuntimeApi(), Output()
        environment = process_variables(
            function.variables,
            api=await api.open(),
            telemetry_fd=output.fd,
            scratch=scratch,
        )
        process = await asyncio.create_subprocess_exec(
            str(function.python),
            *("-m", "awslambdaric", function.handler),
            cwd=function.task_root,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output.fd,
            stderr=output.fd,
            pass_fds=[output.fd],
            process_group=0,
        )
        child_processes.register(process.pid)
        output.close_child_end()
        return cls(function, api, output, process)

    @property
    def is_running(self) -> bool:
        return not self._exit.done()

    @property
    def memory_mb(self) -> int:
        return peak_memory_mb(self._process.pid)

    async def initialise(self, timeout_s: float) -> None:
        """Wait until the handler is imported. Raise a Fault if the import fails."""
        await self._first_of(self._api.initialised, timeout_s)

    async def invoke(self, invocation: Invocation) -> Reply:
        """Return the runtime's answer to one event. Raise a Fault if it gives none."""
        timeout_s = self._function.timeout_s
        deadline_ms = int((time.time() + timeout_s) * 1000)
        reply = self._api.dispatch(invocation, deadline_ms=deadline_ms)
        return await self._first_of(reply, timeout_s)

    def take_log(self) -> list[LogEvent]:
        return self._output.take()

    async def end(self) -> list[LogEvent]:
        """Kill the process and its children; return its last log events."""
        child_processes.release(self._process.pid)
        await self._exit
        self._api.close()
        rest = self._output.take()
        self._output.close()
        return rest

    async def _first_of[T](self, answer: asyncio.Future[T], timeout_s: float) -> T:
        either: set[asyncio.Future[Any]] = {answer, self._exit}
        await asyncio.wait(
            either, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
        )
        if answer.done():
            return answer.result()
        if self._exit.done():
            raise Exited(self._exit.result())
        raise TimedOut(timeout_s)
