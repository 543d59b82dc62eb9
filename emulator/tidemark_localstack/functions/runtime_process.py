"""One process running awslambdaric, from its start to its end."""

import asyncio
import time
from pathlib import Path
from typing import Any

from tidemark_localstack import guardian
from tidemark_localstack.functions.faults import Exited, TimedOut
from tidemark_localstack.functions.model import Function, Invocation, LogEvent, Reply
from tidemark_localstack.functions.output import Output
from tidemark_localstack.functions.report import peak_memory_mb
from tidemark_localstack.functions.runtime_api import RuntimeApi
from tidemark_localstack.functions.variables import process_variables


class RuntimeProcess:
    """Lives on one event loop. Ends for good with the first fault."""

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
        """Start it with `scratch`, an existing folder, as its /tmp and home."""
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
        guardian.adopt(process.pid)
        output.close_child_end()
        return cls(function, api, output, process)

    @property
    def is_running(self) -> bool:
        return not self._exit.done()

    @property
    def memory_mb(self) -> int:
        return peak_memory_mb(self._process.pid)

    async def initialise(self, timeout_s: float) -> None:
        """Wait until the handler is imported; raises a Fault if it never is."""
        await self._first_of(self._api.initialised, timeout_s)

    async def invoke(self, invocation: Invocation) -> Reply:
        """The runtime's answer to one event; raises a Fault if there is none."""
        timeout_s = self._function.timeout_s
        deadline_ms = int((time.time() + timeout_s) * 1000)
        reply = self._api.dispatch(invocation, deadline_ms=deadline_ms)
        return await self._first_of(reply, timeout_s)

    def take_log(self) -> list[LogEvent]:
        return self._output.take()

    async def end(self) -> list[LogEvent]:
        """Kill it and all it has started; what it wrote last."""
        guardian.release(self._process.pid)
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
