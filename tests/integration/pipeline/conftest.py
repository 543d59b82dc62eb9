from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.pipeline import pipeline as pipelines
from tests.integration.pipeline.pipeline import Pipeline
from tests.integration.pipeline.tool import deployed
from tidemark.dead_letters.deployed import Deployed
from tidemark.machine import paths, waiting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def pipeline(dynamodb: DynamoDBClient) -> Iterator[Pipeline]:
    with pipelines.running(dynamodb) as running:
        yield running


@pytest.fixture
def tool(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deployed:
    """The pipeline as the tool sees it; the tool writes its files elsewhere."""
    monkeypatch.setattr(paths, "STATE", tmp_path)
    monkeypatch.setattr(waiting, "until", lambda condition, **_: settled(condition))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    def settled(condition: Callable[[], bool]) -> bool:
        pipeline.settle()
        return condition()

    return deployed(pipeline)
