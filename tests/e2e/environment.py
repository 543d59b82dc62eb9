"""The environment under test, on the local cloud or on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from infra.settings import Settings
from tests.e2e.clients import Clients


@dataclass(frozen=True, slots=True)
class Environment:
    """`outputs` are the stack's; `http` reaches the webhook from here."""

    settings: Settings
    clients: Clients
    outputs: Mapping[str, str]
    http: httpx.Client
