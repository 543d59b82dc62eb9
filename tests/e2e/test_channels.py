"""Alerts reach people and programs: each channel once, or the reason is told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.channel_servers.server import (
    CLOSE,
    HANG,
    Answer,
    ChannelServer,
    always,
    every_third,
    first,
)
from tests.e2e.channels import (
    SECRETS,
    Alerts,
    dead_letters,
    definitions,
    texts,
    times_accepted,
)
from tests.e2e.environment import Environment
from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_id, new_symbol
from tests.e2e.pipeline import Pipeline
from tidemark.channels.stored import StoredChannels
from tidemark.chaos.injection import Injection
from tidemark.environment import Environment as DeployedEnvironment
from tidemark.machine import paths

pytestmark = pytest.mark.local  # the functions reach this machine

BEHAVIOURS = {
    "third": every_third(Answer(503, "busy")),
    "limited": first(*[Answer(429, "slow down", {"retry-after": "2"})] * 2),
    "hangs": first(HANG),
    "closes": first(CLOSE, CLOSE),
    "gone": always(Answer(410, "moved away")),
    "phone": always(Answer(200, '{"ok": true}')),
}


@pytest.fixture(scope="module")
def server(environment: Environment) -> ChannelServer:
    server = environment.channel_server
    assert server
    return server


@pytest.fixture(scope="module")
def alerts(
    pipeline: Pipeline, server: ChannelServer, settings: Settings
) -> Iterator[Alerts]:
    channels = definitions(server)
    server.behaviours |= {name: always(Answer()) for name in channels} | BEHAVIOURS
    stored = StoredChannels.of(DeployedEnvironment(settings))
    stored.write(channels)
    alerts = Alerts(pipeline, server)
    alerts.await_channels()
    yield alerts
    stored.write({})


def test_an_alert_arrives_once_at_each_channel(
    pipeline: Pipeline, server: ChannelServer, alerts: Alerts
) -> None:
    symbols = [new_symbol() for _ in range(4)]
    once = dict.fromkeys(definitions(server), 1) | {"gone": 0}

    pipeline.send([{"symbol": s, "price": pipeline.marks.above} for s in symbols])

    eventually(lambda: [times_accepted(server, s) for s in symbols] == [once] * 4)
    reasons = {(s, "gone", "it answered 410: moved away") for s in symbols}
    # The letter is queued once all channels have answered.
    eventually(lambda: given_up(pipeline, symbols) == reasons)


def given_up(pipeline: Pipeline, symbols: list[str]) -> set[tuple[str, str, str]]:
    """The symbol, the channel and the reason of each alert that was given up."""
    return {
        (symbol, letter["channel"], letter["reason"])
        for symbol in symbols
        for letter in dead_letters(pipeline, symbol)
    }


def test_a_burst_of_alerts_is_one_message_for_each_channel(
    server: ChannelServer, alerts: Alerts
) -> None:
    ids = alerts.publish("burst", "desk", count=10)

    eventually(lambda: carriers(server, "burst", ids)["alerts"] == 10)
    eventually(lambda: carriers(server, "desk", ids)["alerts"] == 10)
    # Two, if a batch ended while they were published.
    assert carriers(server, "burst", ids)["messages"] <= 2
    assert carriers(server, "desk", ids)["messages"] <= 2


def carriers(server: ChannelServer, name: str, ids: list[str]) -> dict[str, int]:
    """How many of the alerts a channel has accepted, and in how many messages."""
    accepted = [each.body.decode() for each in server.accepted(name)]
    return {
        "alerts": sum(any(id_ in text for text in accepted) for id_ in ids),
        "messages": sum(any(id_ in text for id_ in ids) for text in accepted),
    }


def test_an_alert_about_the_past_arrives_nowhere(
    server: ChannelServer, alerts: Alerts
) -> None:
    [past] = alerts.publish("program", stale="true")
    [present] = alerts.publish("program")

    eventually(lambda: present in texts(server.accepted("program")))
    assert past not in texts(server.all("program"))


def test_an_alert_for_an_unknown_channel_is_a_dead_letter(
    pipeline: Pipeline, alerts: Alerts
) -> None:
    [id_] = alerts.publish("nobody")

    [letter] = eventually(lambda: [*dead_letters(pipeline, id_)])
    assert letter["reason"] == "there is no channel of this name"


def test_a_malformed_message_is_a_dead_letter_once_it_can_be_queued(
    pipeline: Pipeline, settings: Settings, alerts: Alerts
) -> None:
    symbol = new_id()
    malformed = json.dumps({"symbol": symbol})
    refusal = {
        "effect": "refuse",
        "function": pipeline.physical_name("notifier"),
        "action": "sqs:SendMessageBatch",
        "code": "AccessDenied",
        "seconds": 600,
    }

    injection = Injection(settings.endpoint_url)
    with injection.active([refusal]):
        pipeline.clients("sqs").send_message(
            QueueUrl=pipeline.outputs["notifications_dlq_url"].replace("-dlq", ""),
            MessageBody=malformed,
        )
        [letter] = eventually(lambda: [*dead_letters(pipeline, symbol)])
        [refused] = injection.rules()

    assert refused["hits"] == 1
    assert letter["reason"] == "alert_id: is missing"
    assert letter["payload"] == malformed


def test_the_secrets_are_in_no_other_place(
    pipeline: Pipeline, settings: Settings, server: ChannelServer, alerts: Alerts
) -> None:
    [id_] = alerts.publish("gone", "third")
    eventually(lambda: [*dead_letters(pipeline, id_)])
    places = [
        files(paths.STATE / settings.home),
        function_configurations(pipeline),
        log_lines(pipeline),
        queued(pipeline),
        process_environments(),
    ]

    found = {
        place
        for kind in places
        for place, text in kind.items()
        if any(secret.encode() in text for secret in SECRETS)
    }

    assert all(places)
    assert found == set()


def files(folder: Path) -> dict[str, bytes]:
    """State, plan, configuration and archive of the environment."""
    return {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def function_configurations(pipeline: Pipeline) -> dict[str, bytes]:
    functions = pipeline.clients("lambda").list_functions()["Functions"]
    return {
        each["FunctionName"]: json.dumps(each, default=str).encode()
        for each in functions
    }


def log_lines(pipeline: Pipeline) -> dict[str, bytes]:
    logs = pipeline.clients("logs")
    pages = logs.get_paginator("filter_log_events").paginate
    return {
        group["logGroupName"]: json.dumps(
            [*pages(logGroupName=group["logGroupName"])]
        ).encode()
        for group in logs.describe_log_groups()["logGroups"]
    }


def queued(pipeline: Pipeline) -> dict[str, bytes]:
    """What dead-letter queues and topics have carried so far."""
    for mailbox in pipeline.mailboxes.values():
        mailbox.find("")
    return {
        name: "\n".join(message.body for message in mailbox.seen.values()).encode()
        for name, mailbox in pipeline.mailboxes.items()
    }


def process_environments() -> dict[str, bytes]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found[str(path)] = path.read_bytes()
        except OSError:  # another user's, or it has ended
            continue
    return found
