"""Turn the failures of a command into one line and an exit status."""

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tidemark.machine import paths
from tidemark.machine.errors import ToolError

ENDINGS = (signal.SIGTERM, signal.SIGHUP)
INTERRUPTIONS = (signal.SIGINT, *ENDINGS)
INTERRUPTED = 130
FULL = (errno.ENOSPC, errno.EDQUOT)
UNWRITABLE = (errno.EROFS, errno.EACCES)
HINT = "Tidemark writes to its checkout only: make that writable, or copy it."
CONTINUE = "Interrupted. Run the same command again: it continues from here."


@contextmanager
def one_line() -> Iterator[None]:
    """Print an error that the user can correct, or an interruption, as one line."""
    former = {number: signal.signal(number, _interrupt) for number in ENDINGS}
    try:
        yield
    except ToolError as error:
        _end(str(error), 1)
    except KeyboardInterrupt:
        _end(CONTINUE, INTERRUPTED)
    except SystemExit as end:  # by typer, which handles interruptions itself
        if end.code == INTERRUPTED:
            _end(CONTINUE, INTERRUPTED)
        raise
    except SyntaxError as error:  # the tool imports services, which are being edited
        file = Path(error.filename or "")
        if not file.is_relative_to(paths.ROOT / "services"):
            raise
        _end(f"{file.relative_to(paths.ROOT)}:{error.lineno}: {error.msg}", 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        line = f"{error.strerror}: {error.filename or 'writing a file'}"
        if error.errno not in (*FULL, *UNWRITABLE):
            raise
        ours = str(error.filename).startswith(str(paths.ROOT))
        _end(f"{line}. {HINT}" if ours and error.errno in UNWRITABLE else line, 1)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _end(line: str, status: int) -> NoReturn:
    print(line, file=sys.stderr)
    sys.exit(status)
