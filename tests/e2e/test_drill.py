"""A drill finds out which channels and topics an alert and alarms reach."""

from collections.abc import Iterator

import pytest

from infra.settings import Settings
from tests.channel_servers.server import Answer, ChannelServer, always
from tests.e2e.channels import Alerts, definitions
from tests.e2e.environment import Environment
from tests.e2e.pipeline import Pipeline
from tests.e2e.tool import tidemark
from tidemark.channels.stored import StoredChannels
from tidemark.drill.alarms import KINDS
from tidemark.environment import Environment as DeployedEnvironment

pytestmark = pytest.mark.local  # the functions reach this machine


@pytest.fixture
def server(
    environment: Environment, pipeline: Pipeline, settings: Settings
) -> Iterator[ChannelServer]:
    """A channel that accepts everything, and one that is gone."""
    server = environment.channel_server
    assert server
    channels = definitions(server)
    server.behaviours["program"] = always(Answer())
    server.behaviours["gone"] = always(Answer(410, "moved away"))
    stored = StoredChannels.of(DeployedEnvironment(settings))
    stored.write({name: channels[name] for name in ("program", "gone")})
    Alerts(pipeline, server).await_channels()
    yield server
    stored.write({})


def test_a_drill_says_what_arrived_where_and_what_did_not(
    pipeline: Pipeline, settings: Settings, server: ChannelServer
) -> None:
    printed = tidemark(settings, "drill", status=1).splitlines()

    arrived = [line for line in printed if " after " in line]
    assert sum("alarm " in line for line in arrived) == len(KINDS)
    assert sum("trading-alerts-" in line for line in arrived) == 1
    assert sum("channel program" in line for line in arrived) == 1
    [missing] = [line for line in printed[1:] if line not in arrived]
    assert "channel gone" in missing
    assert "no: it answered 410: moved away" in missing

    [message] = [e for e in server.accepted("program") if b"THIS-IS-A-DRILL" in e.body]
    symbol = message.json["data"]["alerts"][0]["symbol"]
    assert (pipeline.ticks(symbol), pipeline.alerts(symbol)) == ([], [])
    assert symbol not in tidemark(settings, "rules", "list", "--json")
    channels = [
        line
        for line in tidemark(settings, "status").splitlines()
        if line.startswith("Channel")
    ]
    assert ["it answered 410: moved away" in line for line in channels] == [True, False]
