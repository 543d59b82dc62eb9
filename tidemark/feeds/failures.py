"""Why a line ended, in words. After any of these it is made anew."""

from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import Close


class Silent(Exception):
    """No frame for so long that the line must be dead."""


class Leaving(Exception):
    """The venue says that it is about to restart, or that it has trouble."""


RECOVERABLE = (OSError, WebSocketException, httpx.HTTPError, Silent, Leaving)


def explain(group: BaseExceptionGroup[Any]) -> str:
    """What the first error of a group says of the line."""
    match error := _first(group):
        case ConnectionClosed(rcvd=Close() as close):
            reason = f" ({close.reason})" if close.reason else ""
            return f"closed the connection with {close.code}{reason}"
        case ConnectionClosed(sent=Close(reason=str(reason))) if reason:
            return f"the connection was ended: {reason}"
        case ConnectionClosed():
            return "the connection broke off"
        case InvalidStatus(response=response):
            return f"refuses the connection with HTTP {response.status_code}"
        case TimeoutError():
            return "does not answer"
        case OSError(strerror=str(said)):
            return f"cannot be reached ({said})"
    return str(error) or type(error).__name__


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
