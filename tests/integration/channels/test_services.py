"""Whatever a sender writes, the services take the messages and say when they do not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.channels.answer import Outcome
from services.channels.delivery import deliver
from services.channels.registry import Channel, channel_of
from services.channels.request import Message
from services.channels.sender import Sender, tls
from tests.channel_servers.server import Answer, ChannelServer, always, running
from tests.channel_servers.services import SERVICES
from tests.unit.channels.builders import DEFINITIONS, NOW_MS, TOKEN, alert

HOSTILE = (
    "<!channel> <@U1> @everyone *b* `c` &lt; <b>",
    "👩‍👩‍👧‍👦" * 64,
    "\u202e\x00\x1b[31m\r\n",
    "&" * 1000,
    "]" * 1000,
)
KINDS = (*SERVICES, "webhook")


@pytest.fixture
def server() -> Iterator[ChannelServer]:
    with running() as server:
        server.behaviours |= {**SERVICES, "webhook": always(Answer(202, ""))}
        yield server


def channel(kind: str, server: ChannelServer) -> Channel:
    field = "api_url" if kind == "telegram" else "url"
    definition: dict[str, Any] = {**DEFINITIONS[kind], field: server.url(kind)}
    return channel_of(definition, test_hosts=[f"localhost:{server.port}"])


def send(kind: str, server: ChannelServer, *texts: str) -> Any:
    names = ("symbol", "exchange", "rule_id", "request_id", "price", "threshold")
    alerts = [
        replace(alert(), fields={**alert().fields, **dict.fromkeys(names, text)})
        for text in texts
    ]
    sender = Sender(tls(), frozenset([f"localhost:{server.port}"]))
    return deliver(
        channel(kind, server), Message(alerts, NOW_MS), sender, now_ms=NOW_MS
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("count", [1, 100])
def test_a_service_takes_every_message(
    server: ChannelServer, kind: str, text: str, count: int
) -> None:
    assert send(kind, server, *[text] * count).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("answer", "outcome", "wait_s"),
    [
        (Answer(429, "{}", {"retry-after": "3"}), Outcome.RETRY, 3),
        (Answer(500, "<html>"), Outcome.RETRY, 0),
        (Answer(503, "", {"retry-after": "3"}), Outcome.RETRY, 3),
        (Answer(403, "forbidden"), Outcome.GIVEN_UP, 0),
        (Answer(302, "", {"location": "http://127.0.0.1/"}), Outcome.GIVEN_UP, 0),
    ],
)
def test_a_service_that_refuses_is_obeyed(
    server: ChannelServer, kind: str, answer: Answer, outcome: Outcome, wait_s: int
) -> None:
    server.behaviours[kind] = always(answer)

    result = send(kind, server, "BTC")

    assert (result.outcome, result.wait_s) == (outcome, wait_s)
    assert f"it answered {answer.status}" in result.reason


def test_a_service_that_repeats_the_secret_does_not_put_it_into_the_reason(
    server: ChannelServer,
) -> None:
    answer = Answer(400, f'{{"description": "no bot {TOKEN}"}}')
    server.behaviours["telegram"] = always(answer)

    result = send("telegram", server, "BTC")

    assert result.reason == "it answered 400: no bot …"


def test_no_answer_is_a_retry_and_a_private_address_is_not(
    server: ChannelServer,
) -> None:
    server.behaviours["slack"] = always(Answer(status=0))

    closed = send("slack", server, "BTC")
    private = deliver(
        channel("slack", server), Message([alert()], NOW_MS), Sender(tls()), now_ms=0
    )

    assert closed.outcome is Outcome.RETRY
    assert private.outcome is Outcome.GIVEN_UP
