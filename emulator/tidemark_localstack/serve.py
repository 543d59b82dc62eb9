"""Become LocalStack with this plugin; leave nothing running when it ends."""

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

from tidemark_localstack import guardian
from tidemark_localstack import port as ports
from tidemark_localstack.settings import FOLDERS, localstack_environment

PORT_TAKEN = 98
# Where LocalStack's API is asked to restart, it signals this process with SIGUSR1.
SUPERVISOR = "SUPERVISOR_PID"


def serve(*, listen: str, port: int, runtime_python: Path, state_dir: Path) -> int:
    """Run until SIGTERM or SIGINT; 98 at once if the port is taken."""
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
        print(f"tidemark: LocalStack ended: {error!r}", file=sys.stderr)
        end(1)
    end(0)


def clear_folders(state_dir: Path) -> None:
    """State does not survive a restart; what a killed run left behind goes."""
    for name in FOLDERS:
        shutil.rmtree(state_dir / name, ignore_errors=True)
        (state_dir / name).mkdir(parents=True)


def run_localstack() -> None:
    """LocalStack's own main, but for its signal handlers: they take seconds."""
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
    # Nothing is kept, so nothing needs an orderly end; a thread, since this one may
    # hold any lock.
    threading.Thread(target=end, args=(0,)).start()


def restart(signum: int, frame: FrameType | None) -> None:
    # In the same process, so that a container goes on, and its network with it.
    threading.Thread(target=begin_again).start()


def begin_again() -> NoReturn:
    """Become LocalStack anew, and empty."""
    kill_children()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def end(code: int) -> NoReturn:
    """Kill every process of ours, wait for it, and skip LocalStack's own end."""
    kill_children()
    os._exit(code)


def kill_children() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    guardian.kill_all()
    sys.stdout.flush()
    sys.stderr.flush()
