"""LocalStack's environment: what it must be for Tidemark, and what may be tuned.

LocalStack reads it once, at import; so it is set before anything of it is imported.
"""

from collections.abc import Mapping
from pathlib import Path

from tidemark_localstack.loopbacks import hosts

# Below the state folder.
FOLDERS = ("localstack", "cache", "config", "tmp")

# Read by the executor.
RUNTIME_PYTHON = "TIDEMARK_RUNTIME_PYTHON"

# Defaults that the caller's environment may override.
TUNABLE = {
    # Seconds until the first retry of an asynchronous invocation (AWS: 60).
    "LAMBDA_RETRY_BASE_DELAY": "1",
    "LAMBDA_KEEPALIVE_MS": "600000",
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.1",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.5",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "5",
    "DYNAMODB_READ_ERROR_PROBABILITY": "",
    "DYNAMODB_WRITE_ERROR_PROBABILITY": "",
    "LS_LOG": "info",
    "DEBUG": "",
}

# All else of the caller's stays out: its AWS profile, its proxies, its LocalStack.
KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "USER")


def localstack_environment(
    caller: Mapping[str, str],
    *,
    listen: str = "127.0.0.1",
    port: int,
    runtime_python: Path,
    state_dir: Path,
) -> dict[str, str]:
    """The whole environment of the LocalStack process."""
    kept = {name: caller[name] for name in KEPT if name in caller}
    tuned = {name: caller.get(name, default) for name, default in TUNABLE.items()}
    fixed = {
        RUNTIME_PYTHON: str(runtime_python),
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_IGNORE_ARCHITECTURE": "1",
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",
        "DYNAMODB_IN_MEMORY": "1",
        "DYNAMODB_SHARE_DB": "1",
        # A metric for each queue call costs more than the call.
        "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
        # Its calls to itself stay inside the process.
        "IN_MEMORY_CLIENT": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
    }
    return kept | tuned | fixed | network(listen, port) | folders(state_dir)


def network(listen: str, port: int) -> dict[str, str]:
    """Where it listens; queue URLs that resolve without DNS."""
    return {
        "GATEWAY_LISTEN": ",".join(f"{host}:{port}" for host in hosts(listen)),
        "LOCALSTACK_HOST": f"localhost:{port}",
        # `/account/name`, the only form that Terraform's provider takes.
        "SQS_ENDPOINT_STRATEGY": "off",
        "DNS_ADDRESS": "0",
    }


def folders(state_dir: Path) -> dict[str, str]:
    """Everything LocalStack writes stays in `state_dir`, the plugin cache included."""
    return {
        "FILESYSTEM_ROOT": str(state_dir / "localstack"),
        "XDG_CACHE_HOME": str(state_dir / "cache"),
        "CONFIG_DIR": str(state_dir / "config"),
        # Where there is a container around us, the folders are still these.
        "OVERRIDE_IN_DOCKER": "0",
    }
