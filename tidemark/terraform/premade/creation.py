"""Create slow resources that the state lacks, and add them to the state.

The state gets what the provider does not read back. Terraform's refresh reads the
rest, and its plan changes whatever differs from the stack. A resource that refers to
what does not exist yet is left to Terraform.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.terraform.premade import functions, keys, queue_policies, queues, secrets
from tidemark.terraform.premade.references import References, Unresolved
from tidemark.terraform.premade.resource import Resource
from tidemark.terraform.state import Address
from tidemark.terraform.workspace import Workspace

type Client = Callable[[str], Any]

# Of each type: its service, and what creates one with a client of that. A secret is not
# slow, but its ARN has a random part, and a function refers to it.
SLOW: dict[str, tuple[str, Callable[[Any, Resource], dict[str, Any]]]] = {
    "aws_kms_key": ("kms", keys.create),
    "aws_lambda_function": ("lambda", functions.create),
    "aws_secretsmanager_secret": ("secretsmanager", secrets.create),
    "aws_sqs_queue": ("sqs", queues.create),
    "aws_sqs_queue_policy": ("sqs", queue_policies.create),
}


def create_missing(workspace: Workspace, client: Client) -> None:
    """Create the slow resources of the workspace's stack that its state lacks.

    `client` returns a client of the service that it is given.
    """
    creation = Creation(workspace.folder, workspace.configuration(), client)
    state = workspace.state()
    while made := creation.create(References(creation.stack, state)):
        state = state.with_resources(made)
        workspace.replace_state(state)


@dataclass(frozen=True, slots=True)
class Creation:
    """The creation of the resources of a stack; `folder` is where Terraform runs."""

    folder: Path
    stack: Mapping[str, Any]
    client: Client

    def create(self, references: References) -> dict[Address, dict[str, Any]]:
        """Create all that refer only to what exists; return their attributes."""
        ready = dict(self._ready(references))
        clients = {kind: self.client(SLOW[kind][0]) for kind, _ in ready}

        def create(address: Address) -> dict[str, Any]:
            kind, _ = address
            return SLOW[kind][1](clients[kind], ready[address])

        with ThreadPoolExecutor(max(1, len(ready))) as pool:
            return dict(zip(ready, pool.map(create, ready), strict=True))

    def _ready(self, references: References) -> Iterator[tuple[Address, Resource]]:
        (provider,) = self.stack["provider"]["aws"]
        (default_tags,) = provider["default_tags"]
        for kind in SLOW:
            for name, configured in self.stack["resource"].get(kind, {}).items():
                if references.state.attributes(kind, name):
                    continue
                with suppress(Unresolved):
                    resolved = references.resolve(configured)
                    yield (
                        (kind, name),
                        Resource(resolved, default_tags["tags"], self.folder),
                    )
