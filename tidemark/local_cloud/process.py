"""The local cloud on the host: a detached process.

`cloud.json` in its folder has its process id. If `start` was killed before it wrote the
file, the process is found by its arguments.
"""

import json
import os
import signal
import socket
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tidemark.local_cloud.cloud import START_TIMEOUT, Cloud, CloudError, PortTaken
from tidemark.machine import files, paths, processes, subprocesses, waiting
from tidemark.machine.processes import Process


@dataclass(frozen=True, slots=True)
class HostCloud(Cloud):
    """LocalStack with the emulator, in the virtual environment for it."""

    @property
    def log(self) -> Path:
        """The file with its output."""
        return self.state_dir / "cloud.log"

    def process(self) -> Process | None:
        """Return its process, or None if it is not running."""
        known = self._recorded()
        if known and known.alive():
            return known
        return processes.find(self._argv()[1:])

    def runs_as(self) -> str | None:
        """Return its process id, as a text for messages."""
        process = self.process()
        return f"process {process.pid}" if process else None

    def ready(self) -> bool:
        """Return True if its process is running and it answers."""
        return self.process() is not None and self._ask("health") != {}

    def runs(self, version: str) -> bool:
        return self._version() == version and self.ready()

    def check(self) -> None:
        if self.process() is None:
            self._refuse_taken_port()

    def start(self, *, version: str = "") -> bool:
        if self.runs(version):
            return False
        self.stop()
        self._refuse_taken_port()
        self.state_dir.mkdir(parents=True, exist_ok=True)
        pid = self._spawn()
        process = processes.identify(pid)
        record = asdict(process) if process else {}
        files.write(self._record, json.dumps({**record, "version": version}))
        self._await(pid)
        return True

    def restart(self) -> None:
        version = self._version() or ""
        self.stop()
        self.start(version=version)

    def stop(self) -> list[Process]:
        leader = self.process() or self._recorded()
        family = processes.family(leader) if leader else []
        processes.end(family)
        left = [process for process in family if process.alive()]
        if left:
            pids = ", ".join(str(process.pid) for process in left)
            raise CloudError(
                f"These processes could not be stopped: {pids}. Try `kill -9`."
            )
        self._record.unlink(missing_ok=True)
        return family

    @property
    def _record(self) -> Path:
        return self.state_dir / "cloud.json"

    def _recorded(self) -> Process | None:
        record = self._read()
        if "pid" not in record:
            return None
        return Process(record["pid"], record["started"])

    def _version(self) -> str | None:
        return self._read().get("version")

    def _read(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(files.read(self._record) or "{}")
        return record

    def _argv(self) -> list[str]:
        return [
            str(paths.LOCALSTACK / "bin" / "python"),
            *("-m", "tidemark_localstack", "serve", "--port", str(self.port)),
            *("--runtime-python", str(paths.RUNTIME / "bin" / "python")),
            # No environment has this name; their folders are beside it.
            *("--state-dir", str(self.state_dir / ".localstack")),
        ]

    def _spawn(self) -> int:
        argv = self._argv()
        output = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        return os.posix_spawn(
            argv[0],
            argv,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self.log), output, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
            setsigdef=[signal.SIGINT],
        )

    def _await(self, pid: int) -> None:
        settled = waiting.until(
            lambda: _ended(pid) or self.ready(), timeout=START_TIMEOUT
        )
        if settled and not _ended(pid):
            return
        self.stop()
        raise CloudError(
            "The local cloud did not start: "
            f"{subprocesses.cause(files.read(self.log))} (all of it: {self.log})"
        )

    def _refuse_taken_port(self) -> None:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except PermissionError as error:
                raise CloudError(
                    f"Port {self.port} needs privileges: set LOCALSTACK_PORT to one "
                    "above 1023."
                ) from error
            except OSError as error:
                raise PortTaken(self.port) from error
        # If `localhost` is ::1, the other program would answer instead of the cloud.
        if _answers("::1", self.port):
            raise PortTaken(self.port)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True
