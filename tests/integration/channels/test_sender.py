"""The sender against real servers: TLS, time-outs, closed connections, addresses."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import trustme

from services.channels.request import Request
from services.channels.sender import Sender, Unreachable, tls
from tests.channel_servers.server import (
    CLOSE,
    HANG,
    Answer,
    ChannelServer,
    always,
    running,
)

HOST = "hooks.test"
PUBLIC, LOOPBACK = "93.184.215.14", "127.0.0.1"

type Found = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = tls()
    authority.configure_trust(context)
    return context


@pytest.fixture
def server() -> Iterator[ChannelServer]:
    with running() as server:
        server.behaviours["hook"] = always(Answer(200, "ok", {"X-Id": "7"}))
        yield server


@contextmanager
def tls_server(authority: trustme.CA, name: str) -> Iterator[ChannelServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with running(context) as server:
        server.behaviours["hook"] = always(Answer())
        yield server


def sender_for(server: ChannelServer, **more: Any) -> Sender:
    hosts = frozenset([f"localhost:{server.port}"])
    return Sender(**{"context": tls(), "test_hosts": hosts, "timeout_s": 60.0, **more})


def post(url: str) -> Request:
    return Request(url, b'{"a": 1}', {"webhook-id": "msg_1"})


def refusal(sender: Sender, url: str) -> Unreachable:
    """Why there is no answer; neither it nor its causes name the URL."""
    with pytest.raises(Unreachable) as error:
        sender.send(post(url))
    assert "KEY" not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return error.value


def test_the_request_arrives_whole_and_the_answer_comes_back(
    server: ChannelServer,
) -> None:
    answer = sender_for(server).send(post(server.url("hook/x?key=KEY&b=1")))

    [received] = server.accepted("hook")
    assert (answer.status, answer.body, answer.headers["x-id"]) == (200, "ok", "7")
    assert received.path == "/hook/x?key=KEY&b=1"
    assert received.json == {"a": 1}
    assert received.headers["content-type"] == "application/json"
    assert received.headers["webhook-id"] == "msg_1"


def test_a_url_without_a_path_is_that_of_the_root(server: ChannelServer) -> None:
    assert sender_for(server).send(post(server.url("").rstrip("/"))).status == 404
    assert server.all("")[0].path == "/"


def test_only_the_beginning_of_a_long_answer_is_read(server: ChannelServer) -> None:
    server.behaviours["hook"] = always(Answer(200, "x" * 500_000))

    answer = sender_for(server).send(post(server.url("hook")))

    assert len(answer.body) == 16 * 1024


def test_a_server_with_a_valid_certificate_is_answered_over_tls(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    with tls_server(authority, "localhost") as server:
        sender = sender_for(server, context=trusting)

        assert sender.send(post(server.url("hook", "https"))).status == 200


def test_a_certificate_of_an_unknown_authority_is_refused(
    authority: trustme.CA,
) -> None:
    with tls_server(authority, "localhost") as server:
        error = refusal(sender_for(server), server.url("hook/KEY", "https"))

    assert error.reason.startswith("its certificate is not valid: ")
    assert not error.permanent
    assert server.received == []


def test_a_certificate_of_another_name_is_refused(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    with tls_server(authority, "other.test") as server:
        sender = sender_for(server, context=trusting)
        error = refusal(sender, server.url("hook/KEY", "https"))

    assert error.reason.startswith("its certificate is not valid: Hostname mismatch")


def test_a_server_without_tls_is_refused(server: ChannelServer) -> None:
    error = refusal(sender_for(server), server.url("hook/KEY", "https"))

    assert error.reason.startswith("no TLS connection: ")


@pytest.mark.parametrize("answer", [HANG, Answer(200, "", after_s=30)])
def test_a_server_that_hangs_is_given_its_time_and_no_more(
    server: ChannelServer, answer: Answer
) -> None:
    server.behaviours["hook"] = always(answer)

    error = refusal(sender_for(server, timeout_s=0.5), server.url("hook/KEY"))

    assert error.reason == "no answer within 0.5 s"
    assert not error.permanent


def test_a_server_that_closes_is_a_failed_connection(server: ChannelServer) -> None:
    server.behaviours["hook"] = always(CLOSE)

    error = refusal(sender_for(server), server.url("hook/KEY"))

    assert error.reason == "the connection failed: RemoteDisconnected"


def talks(talk: Callable[[socket.socket], None]) -> tuple[socket.socket, int]:
    """A server that takes one connection and does as it is told."""
    listening = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        connected, _ = listening.accept()
        with closing(connected):
            talk(connected)

    threading.Thread(target=serve, daemon=True).start()
    return listening, listening.getsockname()[1]


def slowly(connected: socket.socket) -> None:
    ended = threading.Event()
    try:
        for character in b"HTTP/1.1 200 OK\r\n" + b"x-slow: " + b"a" * 1000:
            connected.send(bytes([character]))
            ended.wait(0.05)
    except OSError:  # the other side has had enough
        return


def test_a_server_that_answers_byte_by_byte_is_given_no_more_time() -> None:
    listening, port = talks(slowly)

    with closing(listening):
        error = refusal(
            Sender(tls(), frozenset([f"localhost:{port}"]), timeout_s=0.5),
            f"http://localhost:{port}/KEY",
        )

    assert error.reason == "no answer within 0.5 s"


def mail(connected: socket.socket) -> None:
    connected.recv(65_536)
    connected.sendall(b"220 mail\r\n")


def test_what_is_no_http_is_told_so() -> None:
    listening, port = talks(mail)

    with closing(listening):
        error = refusal(
            Sender(tls(), frozenset([f"localhost:{port}"])),
            f"http://localhost:{port}/KEY",
        )

    assert error.reason == "the answer is not HTTP: BadStatusLine"


def cut_short(connected: socket.socket) -> None:
    connected.recv(65_536)
    connected.sendall(b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\nzz")


def test_the_status_counts_even_if_the_body_is_cut_short() -> None:
    listening, port = talks(cut_short)

    with closing(listening):
        answer = Sender(tls(), frozenset([f"localhost:{port}"])).send(
            post(f"http://localhost:{port}/KEY")
        )

    assert (answer.status, answer.body) == (202, "")


def test_a_redirect_is_an_answer_and_is_not_followed(server: ChannelServer) -> None:
    location = server.url("private/KEY")
    server.behaviours["hook"] = always(Answer(307, "", {"location": location}))

    answer = sender_for(server).send(post(server.url("hook")))

    assert answer.status == 307
    assert server.all("private") == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "169.254.169.254"])
def test_a_private_address_is_refused_for_good(
    server: ChannelServer, host: str
) -> None:
    error = refusal(Sender(tls()), f"http://{host}:{server.port}/hook/KEY")

    assert error.permanent
    assert error.reason.endswith("is not a public one")
    assert server.received == []


def found(*addresses: tuple[str, int]) -> Found:
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    return [(*kind, address) for address in addresses]


def test_a_name_with_one_private_address_is_refused(server: ChannelServer) -> None:
    resolve = always_found(found((PUBLIC, 443), (LOOPBACK, server.port)))

    error = refusal(Sender(tls(), resolve=resolve), f"https://{HOST}/KEY")

    assert error.reason == f"the address of {HOST}, {LOOPBACK}, is not a public one"


def always_found(result: Found) -> Callable[..., Found]:
    return lambda *_, **__: result


def test_the_connection_is_to_the_address_that_was_checked(
    authority: trustme.CA, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.channels.sender.is_public", lambda address: True)
    with tls_server(authority, HOST) as server:
        asked: list[tuple[object, ...]] = []

        def resolve(*given: object, type: object) -> Found:
            asked.append(given)
            return found((LOOPBACK, server.port))

        sender = Sender(trusting, resolve=resolve)
        answer = sender.send(post(f"https://{HOST}/hook"))

    [received] = server.accepted("hook")
    assert answer.status == 200
    assert asked == [(HOST, 443)]
    assert received.headers["host"] == HOST


def test_the_next_address_is_tried_if_one_does_not_answer(
    server: ChannelServer,
) -> None:
    with socket.create_server((LOOPBACK, 0)) as unused:
        closed_port = unused.getsockname()[1]
    resolve = always_found(found((LOOPBACK, closed_port), (LOOPBACK, server.port)))

    answer = sender_for(server, resolve=resolve).send(post(server.url("hook")))

    assert answer.status == 200


def test_a_server_that_is_not_there_is_a_failed_connection() -> None:
    with socket.create_server((LOOPBACK, 0)) as unused:
        port = unused.getsockname()[1]
    sender = Sender(tls(), frozenset([f"localhost:{port}"]))

    error = refusal(sender, f"http://localhost:{port}/KEY")

    assert error.reason == "the connection failed: ConnectionRefusedError"


def test_a_name_that_does_not_exist_may_exist_later() -> None:
    def resolve(*_: object, **__: object) -> Found:
        raise socket.gaierror(-2, "Name or service not known")

    error = refusal(Sender(tls(), resolve=resolve), "https://nowhere.test/KEY")

    assert error.reason == "its name was not found"
    assert not error.permanent


def test_a_name_without_an_address_is_a_failed_connection() -> None:
    sender = Sender(tls(), resolve=always_found([]))

    error = refusal(sender, "https://nowhere.test/KEY")

    assert error.reason == "the connection failed: the name has no address"


def test_an_unreachable_network_is_named() -> None:
    def resolve(*_: object, **__: object) -> Found:
        raise OSError(101, "Network is unreachable")

    error = refusal(Sender(tls(), resolve=resolve), "https://nowhere.test/KEY")

    assert error.reason == "the connection failed: Network is unreachable"
