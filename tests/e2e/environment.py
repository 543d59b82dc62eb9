"""The environment under test, on the local cloud or on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from infra.settings import Settings
from tests.channel_servers.server import ChannelServer
from tests.e2e.clients import Clients


@dataclass(frozen=True, slots=True)
class Environment:
    """`outputs` are the stack's; `http` reaches the webhook from here. The functions of
    a local cloud reach `channel_server`.
    """

    settings: Settings
    clients: Clients
    outputs: Mapping[str, str]
    http: httpx.Client
    channel_server: ChannelServer | None = None
