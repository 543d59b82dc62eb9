"""Send a request to a channel's server: TLS only, no redirects, public addresses only.

The name is resolved once and the connection is made to the address that was checked, so
that the name cannot mean another server a moment later. No error contains the URL.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from services.channels.addresses import Resolve, is_public
from services.channels.answer import Answer
from services.channels.request import Request
from services.market.errors import TidemarkError

TIMEOUT_S = 10.0
MOST_BYTES = 16 * 1024
AGENT = "Tidemark"
HEADERS = {"content-type": "application/json", "user-agent": AGENT}


class Unreachable(TidemarkError):
    """There was no answer; `permanent` if there never will be one."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends requests. Servers among `test_hosts` (`localhost:9000`) may be private, and
    without TLS.
    """

    context: ssl.SSLContext
    test_hosts: frozenset[str] = frozenset()
    timeout_s: float = TIMEOUT_S
    resolve: Resolve = socket.getaddrinfo

    def send(self, request: Request) -> Answer:
        """Raise `Unreachable` if the server does not answer in time."""
        deadline = time.monotonic() + self.timeout_s
        try:
            return self._exchange(request, deadline)
        except (OSError, HTTPException) as error:
            if time.monotonic() >= deadline:
                reason = f"no answer within {self.timeout_s:g} s"
            else:
                reason = _described(error)
            raise Unreachable(reason) from None

    def _exchange(self, request: Request, deadline: float) -> Answer:
        url = urlsplit(request.url)
        with (
            closing(self._connected(url.hostname or "", url.port, deadline)) as raw,
            _shut_down_at(deadline, raw),
        ):
            connection = self._http(url.scheme, url.hostname or "", url.port, raw)
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            headers = {**HEADERS, **request.headers}
            with closing(connection):
                connection.request("POST", path, request.body, headers)
                with connection.getresponse() as response:
                    return _answer(response)

    def _connected(self, host: str, port: int | None, deadline: float) -> socket.socket:
        is_test_host = f"{host}:{port}" in self.test_hosts
        found = self.resolve(host, port or 443, type=socket.SOCK_STREAM)
        private = [each[4][0] for each in found if not is_public(each[4][0])]
        if private and not is_test_host:
            reason = f"the address of {host}, {private[0]}, is not a public one"
            raise Unreachable(reason, permanent=True)
        failure = OSError(0, "the name has no address")
        for family, kind, protocol, _, address in found:
            connecting = socket.socket(family, kind, protocol)
            try:
                connecting.settimeout(max(0.001, deadline - time.monotonic()))
                connecting.connect(address)
            except OSError as error:
                connecting.close()
                failure = error
            else:
                return connecting
        raise failure

    def _http(
        self, scheme: str, host: str, port: int | None, raw: socket.socket
    ) -> HTTPConnection:
        if scheme == "https":
            secure = HTTPSConnection(host, port or 443, context=self.context)
            secure.sock = self.context.wrap_socket(raw, server_hostname=host)
            return secure
        plain = HTTPConnection(host, port)
        plain.sock = raw
        return plain


def _answer(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    body = b""
    with suppress(OSError, HTTPException):  # the status says what was done
        body = response.read(MOST_BYTES)
    return Answer(response.status, headers, body.decode(errors="replace"))


@contextmanager
def _shut_down_at(deadline: float, connected: socket.socket) -> Iterator[None]:
    """End the connection at the deadline, however slowly the server answers.

    A socket's own time-out is for each read: a byte now and then would go on for ever.
    """
    connected.settimeout(None)
    duplicate = connected.dup()
    seconds = max(0.0, deadline - time.monotonic())
    timer = threading.Timer(seconds, _shut_down, [duplicate])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        duplicate.close()


def _shut_down(connected: socket.socket) -> None:
    with suppress(OSError):  # the server has closed it already
        connected.shutdown(socket.SHUT_RDWR)


def _described(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not valid: {error.verify_message}"
        case ssl.SSLError():
            return f"no TLS connection: {error.reason}"
        case socket.gaierror():
            return "its name was not found"
        case ConnectionError():
            return f"the connection failed: {type(error).__name__}"
        case OSError():
            return f"the connection failed: {error.strerror or type(error).__name__}"
        case _:
            return f"the answer is not HTTP: {type(error).__name__}"


def tls() -> ssl.SSLContext:
    """The context of every connection: it always verifies the server."""
    return ssl.create_default_context()
