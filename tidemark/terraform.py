"""Terraform, run in a folder of its own with nothing of the user's leaking in."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark import commands, files, paths
from tidemark.errors import ToolError
from tidemark.plugins import Provider
from tidemark.progress import Step

OLDEST = (1, 5)
HOW = (
    "Install it from https://developer.hashicorp.com/terraform/install and put it on "
    "PATH."
)
# They would move the state, or change what a command does.
LEFT_OUT = ("TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS", "TF_VAR_")
NO_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class TerraformFailed(ToolError):
    """Terraform ended with an error: its own summary, and where the rest is."""


def check() -> str:
    """The platform Terraform runs on; raises ToolError where it is missing or old."""
    if not shutil.which("terraform"):
        raise ToolError(f"Terraform 1.5 or later is missing. {HOW}")
    asked = ["terraform", "version", "-json"]
    result = subprocess.run(
        asked, env=variables(os.environ), capture_output=True, text=True, cwd="/"
    )
    try:
        answer = json.loads(result.stdout)
        version, platform = answer["terraform_version"], answer["platform"]
    except (ValueError, KeyError) as error:
        raise ToolError(
            f"`terraform version` failed: {commands.cause(result.stderr)} {HOW}"
        ) from error
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise ToolError(f"Terraform {version} is too old: 1.5 or later. {HOW}")
    return str(platform)


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Terraform's environment: quiet, and the same on every machine."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(LEFT_OUT) and not _missing_config(name, value)
    }
    local = [kept.get("NO_PROXY") or kept.get("no_proxy"), "localhost", "127.0.0.1"]
    no_proxy = ",".join(part for part in local if part)
    return {
        "TF_PLUGIN_CACHE_DIR": str(paths.STATE / "terraform-plugins"),
        # Or the cache would only serve what a lock file names, and there is none.
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
        **kept,
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def local_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The same for the local cloud: no account of the user's can come into it."""
    kept = {n: v for n, v in environment.items() if not n.startswith("AWS_")}
    return variables(kept) | NO_ACCOUNT


def _missing_config(name: str, value: str) -> bool:
    return name == "TF_CLI_CONFIG_FILE" and not Path(value).is_file()


@dataclass(frozen=True, slots=True)
class Terraform:
    """Terraform in the folder that holds its configuration and its state."""

    folder: Path
    environment: dict[str, str]

    def init(self, *, platform: str, plugin_dir: Path | None) -> None:
        """Install the provider, unless that has been done."""
        done = f"{self.provider(platform)} {plugin_dir or 'registry'}"
        stamp = self.folder / ".terraform" / "tidemark"
        if files.read(stamp) == done:
            return
        shutil.rmtree(self.folder / ".terraform", ignore_errors=True)
        (self.folder / ".terraform.lock.hcl").unlink(missing_ok=True)
        Path(self.environment["TF_PLUGIN_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)
        source = [f"-plugin-dir={plugin_dir}"] if plugin_dir else []
        self._run("init", "-no-color", *source)
        files.write(stamp, done)

    def provider(self, platform: str) -> Provider:
        """The provider that the configuration asks for."""
        settings = json.loads(self.configuration.read_text())["terraform"]
        version = settings["required_providers"]["aws"]["version"]
        return Provider(re.sub(r"[^0-9.]", "", version), platform)

    @property
    def configuration(self) -> Path:
        """The synthesised stack."""
        return self.folder / "cdk.tf.json"

    def apply(self, step: Step) -> None:
        """Make the cloud what the configuration says."""
        self._run(*_CHANGE, "-json", step=step)

    def destroy(self, step: Step) -> None:
        """Remove all that the state knows."""
        self._run(*_CHANGE, "-json", "-destroy", step=step)

    def plan_is_clean(self) -> bool:
        """Whether there is nothing left to change."""
        try:
            self._run("plan", "-no-color", "-detailed-exitcode", *_LOCK)
        except commands.CommandFailed as failure:
            if failure.returncode != 2:
                raise
            return False
        return True

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, name to value; empty where nothing is deployed."""
        result = subprocess.run(
            ["terraform", "output", "-json"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise TerraformFailed(commands.cause(result.stderr))
        return {name: out["value"] for name, out in json.loads(result.stdout).items()}

    def _run(self, command: str, *arguments: str, step: Step | None = None) -> None:
        counter = _Counter(step)
        log = paths.LOGS / f"terraform-{self.folder.name}-{command}.log"
        try:
            commands.run(
                ["terraform", command, *arguments],
                what=f"terraform {command}",
                log=log,
                env=self.environment,
                cwd=self.folder,
                follow=counter.read,
            )
        except commands.CommandFailed as failure:
            if not counter.errors:
                raise
            more = len(counter.errors) - 1
            others = f", and {more} more" if more else ""
            raise TerraformFailed(
                f"Terraform: {counter.errors[0]}{others} (all of it: {log})"
            ) from failure


_LOCK = ("-lock-timeout=120s",)
_CHANGE = ("apply", "-auto-approve", "-parallelism=20", *_LOCK)


class _Counter:
    def __init__(self, step: Step | None) -> None:
        self._step = step
        self._done = 0
        self._total = 0
        self.errors: list[str] = []

    def read(self, line: str) -> None:
        if not line.startswith("{"):
            return
        event = json.loads(line)
        kind = event.get("type")
        if kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
            self.errors.append(_summary(event["diagnostic"]))
        elif kind == "change_summary":
            self._total = sum(
                count for count in event["changes"].values() if isinstance(count, int)
            )
        elif kind == "apply_complete":
            self._done += 1
        if self._step and self._total:
            self._step.update(min(self._done, self._total), self._total)


def _summary(diagnostic: dict[str, Any]) -> str:
    where = diagnostic.get("address")
    text = " ".join(diagnostic["summary"].split())
    return f"{where}: {text}" if where else text
