"""The platform's log lines have AWS's format."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.skip_markers import needs_ps
from tidemark_localstack.functions import report
from tidemark_localstack.functions.faults import Exited, Fault, InitFailed, TimedOut
from tidemark_localstack.functions.model import Function
from tidemark_localstack.functions.report import Usage

FUNCTION = Function(
    version="$LATEST",
    handler="index.handler",
    timeout_s=3,
    memory_mb=128,
    python=Path("python"),
    task_root=Path("task"),
    variables={},
)


def a_report(*, init_ms: float | None = None, fault: Fault | None = None) -> str:
    usage = Usage(duration_ms=12.345, init_ms=init_ms, memory_mb=40)
    return report.report("r-1", FUNCTION, usage, fault)


def test_an_invocation_starts_and_ends_with_a_line_with_its_request_id() -> None:
    assert report.start("r-1", "$LATEST") == "START RequestId: r-1 Version: $LATEST\n"
    assert report.end("r-1") == "END RequestId: r-1\n"


def test_a_warm_invocation_reports_its_duration_and_memory() -> None:
    assert a_report() == (
        "REPORT RequestId: r-1\tDuration: 12.35 ms\tBilled Duration: 13 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 40 MB\t\n"
    )


def test_a_cold_start_reports_and_bills_its_initialisation() -> None:
    assert a_report(init_ms=100.0) == (
        "REPORT RequestId: r-1\tDuration: 12.35 ms\tBilled Duration: 113 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 100.00 ms\t\n"
    )


def test_a_time_out_has_a_status_and_no_error_type() -> None:
    assert a_report(fault=TimedOut(3)).endswith("\tStatus: timeout\t\n")


def test_a_crash_has_a_status_and_an_error_type() -> None:
    assert a_report(fault=Exited(1)).endswith(
        "\tStatus: error\tError Type: Runtime.ExitError\t\n"
    )


def test_a_time_out_is_logged_with_its_time() -> None:
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)

    assert report.failure("r-1", TimedOut(3), now=now) == (
        "2026-11-21T08:00:00.000Z r-1 Task timed out after 3.00 seconds\n\n"
    )


def test_a_crash_is_logged_with_its_type() -> None:
    assert report.failure("r-1", Exited(1)) == (
        "RequestId: r-1 Error: Runtime exited with error: exit status 1\n"
        "Runtime.ExitError\n"
    )


def test_a_failed_initialisation_has_its_own_report_line() -> None:
    fault = InitFailed(b'{"errorType": "Runtime.ImportModuleError"}')

    assert report.init_report(57.5, fault) == (
        "INIT_REPORT Init Duration: 57.50 ms\tPhase: init\tStatus: error\t"
        "Error Type: Runtime.ImportModuleError\n"
    )


@pytest.mark.parametrize(
    ("returncode", "reason"),
    [
        (0, "Runtime exited without providing a reason"),
        (3, "Runtime exited with error: exit status 3"),
        (-signal.SIGSEGV, "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_an_exit_is_described_in_the_platforms_words(
    returncode: int, reason: str
) -> None:
    assert str(Exited(returncode)) == reason


MEASURES = (
    report.peak_memory_mb,
    pytest.param(report.current_memory_mb, marks=needs_ps),
)


@pytest.mark.parametrize("memory_mb", MEASURES)
def test_the_memory_of_a_process_is_measured(memory_mb: Callable[[int], int]) -> None:
    assert memory_mb(os.getpid()) > 10


@pytest.mark.parametrize("memory_mb", MEASURES)
def test_a_process_that_has_exited_uses_no_memory(
    memory_mb: Callable[[int], int],
) -> None:
    assert memory_mb(2**22 + 1) == 0
