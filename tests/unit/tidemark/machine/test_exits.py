import errno
import os
import signal

import pytest

from tidemark.machine import exits, paths
from tidemark.machine.errors import ToolError

SERVICE = str(paths.ROOT / "services" / "market" / "money.py")


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (ToolError("One clear line."), "One clear line.", 1),
        (KeyboardInterrupt(), "Interrupted.", 130),
        (SystemExit(130), "Interrupted.", 130),
        (
            OSError(errno.ENOSPC, "No space left on device", "/x"),
            "No space left on device: /x",
            1,
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x/trades.csv"),
            "Permission denied: /x/trades.csv\n",
            1,
        ),
        (
            OSError(errno.EROFS, "Read-only file system", str(paths.STATE)),
            f"Read-only file system: {paths.STATE}. Tidemark writes to its checkout",
            1,
        ),
        (
            SyntaxError("invalid syntax", (SERVICE, 7, 1, "def", 7, 4)),
            "services/market/money.py:7: invalid syntax\n",
            1,
        ),
    ],
)
def test_an_error_that_a_user_can_correct_is_one_line(
    error: BaseException, line: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, exits.one_line():
        raise error

    said = capsys.readouterr().err
    assert said.startswith(line)
    assert said.count("\n") == 1
    assert end.value.code == status


def test_a_termination_is_an_interruption() -> None:
    with pytest.raises(SystemExit) as end, exits.one_line():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()

    assert end.value.code == 130


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EBADF, "bad descriptor"),
        SyntaxError("invalid syntax", (__file__, 7, 1, "def", 7, 4)),
    ],
)
def test_errors_of_the_tool_itself_keep_their_traceback(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, exits.one_line():
        raise error

    assert raised.value is error


def test_other_exit_statuses_are_kept() -> None:
    with pytest.raises(SystemExit) as end, exits.one_line():
        raise SystemExit(2)

    assert end.value.code == 2
