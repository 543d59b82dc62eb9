"""Run LocalStack with this plugin in this process, and clean up when it stops."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tidemark_localstack import child_processes, malloc
from tidemark_localstack import port as ports
from tidemark_localstack.settings import FOLDERS, localstack_environment

PORT_TAKEN = 98
# On a restart request to its API, LocalStack sends SIGUSR1 to this process id.
SUPERVISOR = "SUPERVISOR_PID"


def serve(*, listen: str, port: int, runtime_python: Path, state_dir: Path) -> int:
    """Run until SIGTERM or SIGINT. Return 98 immediately if the port is taken."""
    if ports.is_taken(port):
        print(f"tidemark: port {port} is taken by another program", file=sys.stderr)
        return PORT_TAKEN
    clear_folders(state_dir)
    environment = localstack_environment(
        os.environ,
        listen=listen,
        port=port,
        runtime_python=runtime_python,
        state_dir=state_dir,
    )
    os.environ.clear()
    os.environ.update(environment, **{SUPERVISOR: str(os.getpid())})
    tempfile.tempdir = str(state_dir / "tmp")
    try:
        run_localstack()
    except BaseException as error:
        print(f"tidemark: LocalStack stopped: {error!r}", file=sys.stderr)
        exit_now(1)
    exit_now(0)


def clear_folders(state_dir: Path) -> None:
    """Empty the folders: no state survives a restart, or a run that was killed."""
    for name in FOLDERS:
        shutil.rmtree(state_dir / name, ignore_errors=True)
        (state_dir / name).mkdir(parents=True)


def run_localstack() -> None:
    """Do what LocalStack's main does, without its slow signal handlers."""
    malloc.return_freed_memory()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGUSR1, restart)
    from localstack.logging.setup import setup_logging_from_config
    from localstack.runtime import current

    from tidemark_localstack.patches import apply_all

    setup_logging_from_config()
    runtime = current.initialize_runtime()
    apply_all()
    runtime.run()


def stop(signum: int, frame: FrameType | None) -> None:
    # No state is kept, so there is nothing to save. In a thread of its own, because the
    # interrupted one may hold any lock.
    threading.Thread(target=exit_now, args=(0,)).start()


def restart(signum: int, frame: FrameType | None) -> None:
    # In the same process, so that a container and its network stay up.
    threading.Thread(target=replace_process).start()


def replace_process() -> NoReturn:
    """Replace this process by a new, empty LocalStack."""
    kill_children()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def exit_now(code: int) -> NoReturn:
    """Kill all child processes, then exit without LocalStack's shutdown."""
    kill_children()
    os._exit(code)


def kill_children() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    child_processes.kill_all()
    sys.stdout.flush()
    sys.stderr.flush()
