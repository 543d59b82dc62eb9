"""Log lines that the platform writes for each invocation, in AWS's format."""

import math
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tidemark_localstack.functions.faults import Fault, TimedOut
from tidemark_localstack.functions.model import Function

STATUS = {"Sandbox.Timedout": "timeout"}


@dataclass(frozen=True, slots=True)
class Usage:
    """Time and memory of one invocation; `init_ms` is set after a cold start only."""

    duration_ms: float
    init_ms: float | None
    memory_mb: int


def start(request_id: str, version: str) -> str:
    return f"START RequestId: {request_id} Version: {version}\n"


def end(request_id: str) -> str:
    return f"END RequestId: {request_id}\n"


def failure(request_id: str, fault: Fault, *, now: datetime | None = None) -> str:
    """Return the log event of a fault: two lines, or one for a time-out."""
    if isinstance(fault, TimedOut):
        at = (now or datetime.now(UTC)).isoformat(timespec="milliseconds")
        return f"{at.replace('+00:00', 'Z')} {request_id} {fault.message}\n\n"
    return f"RequestId: {request_id} Error: {fault.message}\n{fault.error_type}\n"


def init_report(init_ms: float, fault: Fault) -> str:
    return (
        f"INIT_REPORT Init Duration: {init_ms:.2f} ms\tPhase: init\t"
        f"Status: {status(fault)}\tError Type: {fault.error_type}\n"
    )


def report(
    request_id: str, function: Function, usage: Usage, fault: Fault | None
) -> str:
    """Return the REPORT line. As on AWS since August 2025, initialisation is billed."""
    billed_ms = math.ceil(usage.duration_ms + (usage.init_ms or 0))
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {usage.duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {function.memory_mb} MB",
        f"Max Memory Used: {usage.memory_mb} MB",
    ]
    if usage.init_ms is not None:
        fields.append(f"Init Duration: {usage.init_ms:.2f} ms")
    if fault is not None:
        fields.append(f"Status: {status(fault)}")
        if status(fault) == "error":
            fields.append(f"Error Type: {fault.error_type}")
    return "\t".join([*fields, "\n"])


def status(fault: Fault) -> str:
    return STATUS.get(fault.error_type, "error")


def peak_memory_mb(pid: int) -> int:
    """Return the highest memory use since the process started; 0 if it has exited."""
    if not Path("/proc/self/status").exists():
        return current_memory_mb(pid)
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    peaks = (int(x.split()[1]) for x in lines if x.startswith("VmHWM:"))
    return math.ceil(next(peaks, 0) / 1024)


def current_memory_mb(pid: int) -> int:
    """Return the present memory use, where there is no /proc (macOS)."""
    ps = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True
    )
    return math.ceil(int(ps.stdout.strip() or 0) / 1024)
