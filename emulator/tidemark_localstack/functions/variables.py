"""Environment variables of a function: those that AWS sets, none of this machine.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from collections.abc import Mapping
from pathlib import Path

FROM_PLATFORM = frozenset(
    {
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_FORMAT",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_LEVEL",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "TZ",
        "_AWS_XRAY_DAEMON_ADDRESS",
        "_AWS_XRAY_DAEMON_PORT",
        "_HANDLER",
    }
)


def function_variables(
    platform: Mapping[str, object],
    own: Mapping[str, str],
    *,
    task_root: Path,
    python: Path,
    runtime: str,
) -> dict[str, str]:
    """Merge the variables of LocalStack that AWS also sets with the function's own."""
    given = {k: str(v) for k, v in platform.items() if k in FROM_PLATFORM}
    return (
        given
        | {
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
            "LAMBDA_RUNTIME_DIR": str(python.parent),
            "LAMBDA_TASK_ROOT": str(task_root),
            "LANG": "en_US.UTF-8",
            "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
        }
        | dict(own)
    )


def process_variables(
    function: Mapping[str, str], *, api: str, telemetry_fd: int, scratch: Path
) -> dict[str, str]:
    """Add what differs by process: runtime API, log channel, temporary folder."""
    return dict(function) | {
        "AWS_LAMBDA_RUNTIME_API": api,
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "_LAMBDA_TELEMETRY_LOG_FD": str(telemetry_fd),
    }
