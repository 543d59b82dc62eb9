"""What goes into an execution environment and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Function:
    """One version of a function, as its environments need it."""

    version: str
    handler: str
    timeout_s: int
    memory_mb: int
    python: Path
    """Interpreter of the environment that holds awslambdaric and boto3."""
    task_root: Path
    """Folder of the unpacked archive."""
    variables: Mapping[str, str]
    """The process's whole environment, but for what `variables` adds per process."""


@dataclass(frozen=True, slots=True)
class Invocation:
    request_id: str
    function_arn: str
    trace_id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the runtime, or the platform in its place, answers."""

    payload: bytes
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class LogEvent:
    timestamp_ms: int
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply with everything that the log group gets of the invocation."""

    reply: Reply
    log: tuple[LogEvent, ...]
