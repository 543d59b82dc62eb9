"""Terraform's commands, run in the folder of one environment."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.machine import files, paths, subprocesses
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Step
from tidemark.terraform import answers
from tidemark.terraform.events import Events
from tidemark.terraform.plan import Plan
from tidemark.terraform.provider_folder import Provider
from tidemark.terraform.state import State
from tidemark.terraform.workspace import STATE


class TerraformFailed(ToolError):
    """A command of Terraform failed."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """Terraform in the folder that holds its configuration and its state.

    `program` is its command. If `patient` is set, an interruption waits until the
    running command has finished, however long that takes.
    """

    folder: Path
    environment: dict[str, str]
    program: str = "terraform"
    patient: bool = False

    def init(self, *, provider: Provider, plugin_dir: Path | None) -> None:
        """Install the provider and connect to the state, unless that has been done."""
        declared = self._settings.get("backend", {})
        done = f"{provider} {plugin_dir or 'registry'} {declared}"
        stamp = self.folder / ".terraform" / "tidemark"
        if files.read(stamp) == done:
            return
        shutil.rmtree(self.folder / ".terraform", ignore_errors=True)
        (self.folder / ".terraform.lock.hcl").unlink(missing_ok=True)
        Path(self.environment["TF_PLUGIN_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)
        source = [f"-plugin-dir={plugin_dir}"] if plugin_dir else []
        self._run("init", "-no-color", *source, *_backend(declared))
        files.write(stamp, done)

    @property
    def provider_version(self) -> str:
        """The version of the AWS provider that the configuration requires."""
        version = self._settings["required_providers"]["aws"]["version"]
        return re.sub(r"[^0-9.]", "", version)

    @property
    def configuration(self) -> Path:
        """The synthesised stack."""
        return self.folder / "cdk.tf.json"

    @property
    def _settings(self) -> dict[str, Any]:
        settings = json.loads(self.configuration.read_text())["terraform"]
        return dict(settings)

    def apply(self, step: Step) -> None:
        """Deploy what the configuration describes."""
        self._run(*_CHANGE, "-json", step=step)

    def destroy(self, step: Step) -> None:
        """Remove everything that is in the state."""
        self._run(*_CHANGE, "-json", "-destroy", step=step)

    def plan(self, *, destroy: bool = False) -> Plan:
        """Return what would change, and keep it for `apply_plan`."""
        what = ["-destroy"] if destroy else []
        self._run("plan", "-json", f"-out={_PLAN}", *_LOCK, *what)
        return Plan.read(self._ask_for_json("show", "-json", _PLAN))

    def keep_description(self) -> Path:
        """Write the kept plan in readable form beside the logs; return its path."""
        file = paths.LOGS / f"terraform-{self.folder.name}-plan.txt"
        files.write(file, self._ask("show", "-no-color", _PLAN))
        return file

    def apply_plan(self, step: Step, *, total: int) -> None:
        """Apply the kept plan. Raises `ToolError` if the state has changed since."""
        self._run("apply", "-json", *_LOCK, _PLAN, step=step, total=total)

    def state(self) -> State:
        """Return the state; it is empty where nothing was deployed."""
        output = self._ask("state", "pull")
        return State(answers.read(output) if answers.has_json(output) else {})

    def replace_state(self, state: State) -> None:
        """Make an edited state the state."""
        file = self.folder / "edited.tfstate"
        serial = state.document["serial"] + 1
        files.write(file, json.dumps({**state.document, "serial": serial}))
        self.push_state(file)
        file.unlink()

    def push_state(self, file: Path) -> None:
        """Replace the state by a file's, unless it is newer or not the same state."""
        self._run("state", "push", file.name)

    def forget_plan(self) -> None:
        """Remove the kept plan: it holds secrets, as the state does."""
        (self.folder / _PLAN).unlink(missing_ok=True)

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, name to value; none if nothing is deployed."""
        answer = self._ask_for_json("output", "-json")
        return {name: out["value"] for name, out in answer.items()}

    def _ask_for_json(self, *arguments: str) -> dict[str, Any]:
        output = self._ask(*arguments)
        try:
            return answers.read(output)
        except ValueError as error:
            command = " ".join((self.program, *arguments))
            said = subprocesses.cause(output)
            raise TerraformFailed(f"`{command}` printed no JSON: {said}") from error

    def _ask(self, *arguments: str) -> str:
        result = subprocess.run(
            [self.program, *arguments],
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
                [self.program, command, *arguments],
                what=f"{self.program} {command}",
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
                f" `{self.program} -chdir={self.folder} force-unlock {events.lock}` "
                "releases it, if that command is dead."
                if events.lock
                else ""
            )
            raise TerraformFailed(
                f"{self.program} {command} failed: {events.errors[0]}{others}."
                f"{unlock} (all of it: {log})"
            ) from failure


_PLAN = "tidemark.tfplan"
_LOCK = ("-lock-timeout=30s",)
_CHANGE = ("apply", "-auto-approve", "-parallelism=20", *_LOCK)


def _backend(declared: dict[str, Any]) -> list[str]:
    # The path in the stack is for the official CLI; here the state is in the folder
    # in which Terraform runs. In a bucket, a file beside the state locks it.
    if "s3" in declared:
        return ["-backend-config=use_lockfile=true"]
    return [f"-backend-config=path={STATE}"]
