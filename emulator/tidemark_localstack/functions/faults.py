"""Failures that the platform reports on behalf of a function, in AWS's words.

https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

import json
import signal

from tidemark_localstack.functions.model import Reply

MAX_RESPONSE_BYTES = 6_291_556


class Fault(Exception):
    """The runtime did not answer an invocation."""

    error_type = "Runtime.Unknown"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def reply(self, request_id: str) -> Reply:
        body = {
            "errorType": self.error_type,
            "errorMessage": f"RequestId: {request_id} Error: {self.message}",
        }
        return Reply(json.dumps(body, separators=(",", ":")).encode(), is_error=True)


class TimedOut(Fault):
    """The function exceeded its time-out."""

    error_type = "Sandbox.Timedout"

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"Task timed out after {timeout_s:.2f} seconds")


class Exited(Fault):
    """The process exited: sys.exit, a crash, a signal."""

    error_type = "Runtime.ExitError"

    def __init__(self, returncode: int) -> None:
        super().__init__(exit_reason(returncode))
        self.returncode = returncode


class ResponseTooLarge(Fault):
    """The response exceeds the limit; the runtime exits when it is refused."""

    error_type = "Function.ResponseSizeTooLarge"

    def __init__(self, size: int) -> None:
        super().__init__(
            f"Response payload size ({size} bytes) exceeded maximum allowed payload "
            f"size ({MAX_RESPONSE_BYTES} bytes)."
        )


class InitFailed(Fault):
    """The handler's module could not be imported; `payload` is the runtime's error."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("initialisation failed")
        self.payload = payload
        self.error_type = json.loads(payload).get("errorType", self.error_type)

    def reply(self, request_id: str) -> Reply:
        return Reply(self.payload, is_error=True)


def exit_reason(returncode: int) -> str:
    """Describe a `returncode` of subprocess, which is negative for a signal."""
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode > 0:
        return f"Runtime exited with error: exit status {returncode}"
    name = (signal.strsignal(-returncode) or f"signal {-returncode}").lower()
    return f"Runtime exited with error: signal: {name}"
