"""The environment variables that Terraform is given."""

import os
from collections.abc import Mapping
from pathlib import Path

from tidemark.machine import paths

# These would move the state, or change what a command does.
LEFT_OUT = ("TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS", "TF_VAR_")
NO_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def for_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's variables without those that would change what a command
    does, and with the same output on every machine.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(LEFT_OUT) and not _missing_config(name, value)
    }
    local = [kept.get("NO_PROXY") or kept.get("no_proxy"), "localhost", "127.0.0.1"]
    no_proxy = ",".join(part for part in local if part)
    return {
        "TF_PLUGIN_CACHE_DIR": str(paths.STATE / "terraform-plugins"),
        # Otherwise Terraform uses the cache only with a lock file, and there is none.
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
        **kept,
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def for_local_cloud(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the same without anything that could name an account of the user's."""
    kept = {n: v for n, v in environment.items() if not n.startswith("AWS_")}
    return for_aws(kept) | NO_ACCOUNT


def _missing_config(name: str, value: str) -> bool:
    return name == "TF_CLI_CONFIG_FILE" and not Path(value).is_file()
