"""The functions' logs in memory, as FilterLogEvents returns them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from infra.settings import load_settings
from tests.integration.pipeline.pipeline import Pipeline
from tests.integration.pipeline.tool import Quiet, deployed
from tidemark.stored.log_events import Logs
from tidemark.tracing.sources import Sources
from tidemark.tracing.trace import Trace, build
from tidemark_localstack.filter_pattern import parse

FUNCTIONS = ("webhook-processor", "price-enricher", "data-processor")


class NotFound(Exception):
    """The log group does not exist."""


@dataclass
class MemoryLogs:
    """The client. Patterns are matched as the local cloud matches them."""

    groups: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in FUNCTIONS}
    )
    patterns: list[str] = field(default_factory=list)

    @property
    def exceptions(self) -> Any:
        return SimpleNamespace(ResourceNotFoundException=NotFound)

    def write(self, function: str, *texts: str, time_ms: int | None = None) -> None:
        now_ms = time.time_ns() // 1_000_000 if time_ms is None else time_ms
        events = [{"timestamp": now_ms, "message": f"{text}\n"} for text in texts]
        self.groups.setdefault(function, []).extend(events)

    def get_paginator(self, _: str) -> MemoryLogs:
        return self

    def paginate(
        self, *, logGroupName: str, startTime: int, filterPattern: str
    ) -> Iterator[Any]:
        function = logGroupName.removeprefix("/aws/lambda/").removesuffix("-dev")
        if function not in self.groups:
            raise NotFound(logGroupName)
        self.patterns.append(filterPattern)
        matches = parse(filterPattern).matches
        events = self.groups[function]
        chosen = [e for e in events if matches(e["message"].rstrip("\n"))]
        yield {"events": [e for e in chosen if e["timestamp"] >= startTime]}


@dataclass
class LoggedPipeline:
    """A pipeline whose functions' output is kept as their logs."""

    pipeline: Pipeline
    capsys: pytest.CaptureFixture[str]
    client: MemoryLogs = field(default_factory=MemoryLogs)

    @property
    def logs(self) -> Logs:
        client: Any = self.client
        return Logs(client, load_settings(env_file=None))

    def post(self, event: Any) -> None:
        self.pipeline.post(event)
        self._keep("webhook-processor")

    def enrich(self) -> None:
        batch, self.pipeline.stream[:] = [*self.pipeline.stream], []
        self.pipeline.stream += self.pipeline.enrich(batch)
        self._keep("price-enricher")

    def judge(self, *, times: int = 1) -> None:
        for _ in range(times):
            self.pipeline.judge()
        self._keep("data-processor")

    def trace(self, request_id: str = "request-1", *, after_ms: int = 0) -> Trace:
        """The trace as it is so much later."""
        sources = Sources.of(deployed(self.pipeline), self.logs, Quiet())
        now_ms = time.time_ns() // 1_000_000 + after_ms
        return build(sources.evidence(request_id, since_ms=0, now_ms=now_ms))

    def _keep(self, function: str) -> None:
        self.client.write(function, *self.capsys.readouterr().out.splitlines())


def names(hops: Any) -> list[str]:
    """The hops' names, with their state where it is not `done`."""
    return [
        each.name if each.state == "done" else f"{each.name}: {each.state}"
        for each in hops
    ]
