"""Fixtures: the Python that runs functions, and functions made of source code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tidemark.machine import paths
from tidemark_localstack.functions.model import Function

RUNTIME_PYTHON = paths.RUNTIME / "bin" / "python"


@pytest.fixture(scope="session")
def runtime_python() -> Path:
    assert RUNTIME_PYTHON.exists(), (
        f"there is no {RUNTIME_PYTHON}: run `make toolchain`"
    )
    return RUNTIME_PYTHON


@pytest.fixture
def a_function(runtime_python: Path, tmp_path: Path) -> Callable[..., Function]:
    """Build a function of the given source; its handler is `index.handler`."""

    def build(source: str, *, timeout_s: int = 30, **variables: str) -> Function:
        task_root = tmp_path / "task"
        task_root.mkdir()
        (task_root / "index.py").write_text(source)
        return Function(
            version="$LATEST",
            handler="index.handler",
            timeout_s=timeout_s,
            memory_mb=128,
            python=runtime_python,
            task_root=task_root,
            variables={"AWS_EXECUTION_ENV": "AWS_Lambda_python3.13"} | variables,
        )

    return build
