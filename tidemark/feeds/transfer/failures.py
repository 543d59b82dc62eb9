"""Describe why a connection failed. After each of these errors it is opened again."""

from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import Close


class Silent(Exception):
    """The venue sent no frame for so long that the connection counts as dead."""


class Leaving(Exception):
    """The venue announces a restart, or a problem of its own."""


class BadAddress(Exception):
    """The venue leads to an address that is none."""


RECOVERABLE = (
    OSError,
    WebSocketException,
    httpx.HTTPError,
    Silent,
    Leaving,
    BadAddress,
)


def explain(group: BaseExceptionGroup[Any]) -> str:
    """Return a description of the first error of a group."""
    match error := _first(group):
        case ConnectionClosed(rcvd=Close() as close):
            reason = f" ({close.reason})" if close.reason else ""
            return f"closed the connection with {close.code}{reason}"
        case ConnectionClosed(sent=Close(reason=str(reason))) if reason:
            return f"the connection was closed: {reason}"
        case ConnectionClosed():
            return "the connection was lost"
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
