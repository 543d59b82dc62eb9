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

from tidemark.machine import files, paths, subprocesses
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Step
from tidemark.terraform.events import Events
from tidemark.terraform.plan import Plan
from tidemark.terraform.provider_folder import Provider
from tidemark.terraform.state import State
from tidemark.terraform.workspace import STATE

OLDEST = (1, 5)
OLDEST_WITH_A_BUCKET = (1, 10)  # locks a state in S3 without a table for it
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


def check(oldest: tuple[int, int] = OLDEST) -> str:
    """The platform Terraform runs on; raises ToolError where it is missing or old."""
    wanted = "{}.{} or later".format(*oldest)
    if not shutil.which("terraform"):
        raise ToolError(f"Terraform {wanted} is missing. {HOW}")
    asked = ["terraform", "version", "-json"]
    result = subprocess.run(
        asked, env=variables(os.environ), capture_output=True, text=True, cwd="/"
    )
    try:
        answer = json.loads(result.stdout)
        version, platform = answer["terraform_version"], answer["platform"]
    except (ValueError, KeyError) as error:
        raise ToolError(
            f"`terraform version` failed: {subprocesses.cause(result.stderr)} {HOW}"
        ) from error
    if tuple(int(part) for part in version.split(".")[:2]) < oldest:
        raise ToolError(f"Terraform {version} is too old: {wanted}. {HOW}")
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
    patient: bool = False
    """Whether an interruption waits for what is under way, however long it takes."""

    def init(self, *, platform: str, plugin_dir: Path | None) -> None:
        """Install the provider and reach the state, unless that has been done."""
        declared = self._settings.get("backend", {})
        done = f"{self.provider(platform)} {plugin_dir or 'registry'} {declared}"
        stamp = self.folder / ".terraform" / "tidemark"
        if files.read(stamp) == done:
            return
        shutil.rmtree(self.folder / ".terraform", ignore_errors=True)
        (self.folder / ".terraform.lock.hcl").unlink(missing_ok=True)
        Path(self.environment["TF_PLUGIN_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)
        source = [f"-plugin-dir={plugin_dir}"] if plugin_dir else []
        self._run("init", "-no-color", *source, *_backend(declared))
        files.write(stamp, done)

    def provider(self, platform: str) -> Provider:
        """The provider that the configuration asks for."""
        version = self._settings["required_providers"]["aws"]["version"]
        return Provider(re.sub(r"[^0-9.]", "", version), platform)

    @property
    def configuration(self) -> Path:
        """The synthesised stack."""
        return self.folder / "cdk.tf.json"

    @property
    def _settings(self) -> dict[str, Any]:
        settings = json.loads(self.configuration.read_text())["terraform"]
        return dict(settings)

    def apply(self, step: Step) -> None:
        """Make the cloud what the configuration says."""
        self._run(*_CHANGE, "-json", step=step)

    def destroy(self, step: Step) -> None:
        """Remove all that the state knows."""
        self._run(*_CHANGE, "-json", "-destroy", step=step)

    def plan(self, *, destroy: bool = False) -> Plan:
        """What would change; it is kept for `apply_plan`."""
        what = ["-destroy"] if destroy else []
        self._run("plan", "-json", f"-out={_PLAN}", *_LOCK, *what)
        return Plan.read(json.loads(self._ask("show", "-json", _PLAN)))

    def keep_description(self) -> Path:
        """Write the kept plan, as Terraform tells it to people, where logs are."""
        file = paths.LOGS / f"terraform-{self.folder.name}-plan.txt"
        files.write(file, self._ask("show", "-no-color", _PLAN))
        return file

    def apply_plan(self, step: Step, *, total: int) -> None:
        """Do what was planned, or nothing where the state has changed since."""
        self._run("apply", "-json", *_LOCK, _PLAN, step=step, total=total)

    def state(self) -> State:
        """What it knows of what is deployed."""
        return State(json.loads(self._ask("state", "pull").strip() or "{}"))

    def replace_state(self, state: State) -> None:
        """Make an edited state the state."""
        file = self.folder / "edited.tfstate"
        serial = state.document["serial"] + 1
        files.write(file, json.dumps({**state.document, "serial": serial}))
        self.push_state(file)
        file.unlink()

    def push_state(self, file: Path) -> None:
        """Make a state file the state, unless that is newer or of something else."""
        self._run("state", "push", file.name)

    def forget_plan(self) -> None:
        """Remove the kept plan, which holds secrets as the state does."""
        (self.folder / _PLAN).unlink(missing_ok=True)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, name to value; empty where nothing is deployed."""
        answer = json.loads(self._ask("output", "-json"))
        return {name: out["value"] for name, out in answer.items()}

    def _ask(self, *arguments: str) -> str:
        result = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise TerraformFailed(subprocesses.cause(result.stderr))
        return result.stdout

    def _run(
        self, command: str, *arguments: str, step: Step | None = None, total: int = 0
    ) -> None:
        events = Events(step, total)
        log = paths.LOGS / f"terraform-{self.folder.name}-{command}.log"
        try:
            subprocesses.run(
                ["terraform", command, *arguments],
                what=f"terraform {command}",
                log=log,
                env=self.environment,
                cwd=self.folder,
                follow=events.read,
                patient=self.patient,
            )
        except subprocesses.CommandFailed as failure:
            if not events.errors:
                raise
            more = len(events.errors) - 1
            others = f", and {more} more" if more else ""
            unlock = (
                f" `terraform -chdir={self.folder} force-unlock {events.lock}` "
                "releases it, if that command is dead."
                if events.lock
                else ""
            )
            raise TerraformFailed(
                f"Terraform: {events.errors[0]}{others}.{unlock} (All of it: {log})"
            ) from failure


_PLAN = "tidemark.tfplan"
_LOCK = ("-lock-timeout=30s",)
_CHANGE = ("apply", "-auto-approve", "-parallelism=20", *_LOCK)


def _backend(declared: dict[str, Any]) -> list[str]:
    # The stack's path is as the official CLI needs it; here the state lies where
    # Terraform runs. In a bucket it is locked by a file beside it.
    if "s3" in declared:
        return ["-backend-config=use_lockfile=true"]
    return [f"-backend-config=path={STATE}"]
