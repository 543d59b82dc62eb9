"""Environment variables of LocalStack: those that Tidemark fixes or lets you tune.

LocalStack reads them at import: they must be set before any of its modules is imported.
"""

from collections.abc import Mapping
from pathlib import Path

from tidemark_localstack.loopbacks import hosts

# Subfolders of the state folder.
FOLDERS = ("localstack", "cache", "config", "tmp")

# Read by executor.py.
RUNTIME_PYTHON = "TIDEMARK_RUNTIME_PYTHON"

# Defaults that the caller's environment may override.
TUNABLE = {
    # Seconds until the first retry of an asynchronous invocation (AWS: 60).
    "LAMBDA_RETRY_BASE_DELAY": "1",
    "LAMBDA_KEEPALIVE_MS": "600000",
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.1",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.5",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "5",
    # Not empty: mappings poll at LocalStack's own pace, which is slower than AWS's.
    "TIDEMARK_STOCK_PACE": "",
    "DYNAMODB_READ_ERROR_PROBABILITY": "",
    "DYNAMODB_WRITE_ERROR_PROBABILITY": "",
    "LS_LOG": "info",
    "DEBUG": "",
}

# Other variables are dropped: AWS profiles, proxies, another LocalStack's settings.
KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "USER")


def localstack_environment(
    caller: Mapping[str, str],
    *,
    listen: str = "127.0.0.1",
    port: int,
    runtime_python: Path,
    state_dir: Path,
) -> dict[str, str]:
    """Return the complete environment of the LocalStack process."""
    kept = {name: caller[name] for name in KEPT if name in caller}
    tuned = {name: caller.get(name, default) for name, default in TUNABLE.items()}
    fixed = {
        RUNTIME_PYTHON: str(runtime_python),
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_IGNORE_ARCHITECTURE": "1",
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",
        "DYNAMODB_IN_MEMORY": "1",
        "DYNAMODB_SHARE_DB": "1",
        # Writing a metric for each queue call costs more than the call itself.
        "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
        # LocalStack calls itself inside the process, not over HTTP.
        "IN_MEMORY_CLIENT": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
    }
    return kept | tuned | fixed | network(listen, port) | folders(state_dir)


def network(listen: str, port: int) -> dict[str, str]:
    """Return the address to listen on, and settings for URLs that need no DNS."""
    return {
        "GATEWAY_LISTEN": ",".join(f"{host}:{port}" for host in hosts(listen)),
        "LOCALSTACK_HOST": f"localhost:{port}",
        # `/account/name`, the only form that Terraform's provider accepts.
        "SQS_ENDPOINT_STRATEGY": "off",
        "DNS_ADDRESS": "0",
    }


def folders(state_dir: Path) -> dict[str, str]:
    """Keep all of LocalStack's files, its plugin cache included, in `state_dir`."""
    return {
        "FILESYSTEM_ROOT": str(state_dir / "localstack"),
        "XDG_CACHE_HOME": str(state_dir / "cache"),
        "CONFIG_DIR": str(state_dir / "config"),
        # Use these folders inside a container, too.
        "OVERRIDE_IN_DOCKER": "0",
    }
