"""Input and output of an execution environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Function:
    """One version of a function: all that its execution environments need."""

    version: str
    handler: str
    timeout_s: int
    memory_mb: int
    python: Path
    """Interpreter of the virtual environment with awslambdaric and boto3."""
    task_root: Path
    """Folder of the unpacked archive."""
    variables: Mapping[str, str]
    """Environment variables, without those that differ by process."""


@dataclass(frozen=True, slots=True)
class Invocation:
    request_id: str
    function_arn: str
    trace_id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer of the runtime, or of the platform where the runtime gives none."""

    payload: bytes
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class LogEvent:
    timestamp_ms: int
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply to an invocation, and all its log events."""

    reply: Reply
    log: tuple[LogEvent, ...]
