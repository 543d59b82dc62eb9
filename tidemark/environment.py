"""One environment of the stack: its settings, folder, Terraform, cloud and clients.

Every command is given an `Environment`; each part of it is made, and imported, when it
is first used: a query needs neither Terraform nor the local cloud's process.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.settings import Settings
from tidemark.machine import locks
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain, Progress
from tidemark.stored.clients import Clients
from tidemark.terraform.workspace import Workspace

if TYPE_CHECKING:
    from tidemark.local_cloud.cloud import Cloud
    from tidemark.terraform.runner import Terraform

LONGEST_WAIT_S = 300


@dataclass(frozen=True)
class Environment:
    """What the settings name, on the local cloud or on AWS."""

    settings: Settings

    @property
    def suffix(self) -> str:
        """The suffix of all its names, which tells it from other environments."""
        return self.settings.environment_suffix

    @cached_property
    def workspace(self) -> Workspace:
        """The folder of its configuration and its state."""
        return Workspace.of(self.settings)

    @cached_property
    def clients(self) -> Clients:
        """Clients of the AWS services that it uses."""
        return Clients(self.settings)

    @property
    def cloud(self) -> "Cloud":
        """The local cloud on the settings' port."""
        from tidemark.local_cloud import choice

        return choice.at(self.settings.localstack_port)

    @property
    def terraform(self) -> "Terraform":
        """Terraform in its folder, as the last deployment left it."""
        return self._terraform(self.workspace)

    @property
    def state_is_in_a_bucket(self) -> bool:
        """Return True if the state is kept in S3."""
        return self.settings.target == "aws" and self.settings.state_bucket is not None

    def session_id(self) -> str:
        """The id of the local cloud's present run. Raises `NotRunning`."""
        from tidemark.local_cloud.cloud import NotRunning

        session = self.cloud.session_id
        if session is None:
            raise NotRunning(self.settings.localstack_port)
        return session

    def synthesise(self, progress: Progress) -> Path:
        """The stack that the present sources and settings make."""
        from tidemark.terraform import synthesis

        with synthesis.started(self.settings) as running:
            return running.stack(progress)

    def prepare(self, stack: Path, workspace: Workspace | None = None) -> "Terraform":
        """Terraform on a synthesised stack with the present code, initialised, in the
        environment's folder or in another one.
        """
        from tidemark.terraform import function_code, provider_folder
        from tidemark.terraform import program as programs

        workspace = workspace or self.workspace
        workspace.fill(stack)
        terraform = self._terraform(workspace)
        function_code.insert(terraform.configuration, function_code.build())
        program = programs.check(
            terraform.program,
            programs.OLDEST_WITH_A_BUCKET
            if self.state_is_in_a_bucket
            else programs.OLDEST,
        )
        provider = provider_folder.Provider(
            terraform.provider_version, program.platform, program.registry
        )
        plugin_dir = provider_folder.find(
            provider,
            setting=self.settings.terraform_plugin_dir,
            environment=os.environ,
        )
        terraform.init(provider=provider, plugin_dir=plugin_dir)
        return terraform

    def outputs(self) -> dict[str, Any]:
        """The outputs of what is deployed, name to value. Raises `ToolError`."""
        if self.state_is_in_a_bucket:
            found = self._outputs_from_the_bucket()
        else:
            self.check_deployed()
            found = self.workspace.state().outputs()
        if not found:
            raise self.not_deployed()
        return found

    def deployed(self) -> "Terraform":
        """Terraform on what is deployed. Raises `ToolError` where nothing is."""
        self.check_deployed()
        return self.terraform

    def check_deployed(self) -> None:
        """Raise `ToolError` where nothing is deployed."""
        local = self.settings.target == "local"
        if local and self.workspace.session.id != self.session_id():
            raise ToolError(
                f"{self.suffix} is not deployed to this run of the local cloud: run "
                "`make up`."
            )
        if not self.workspace.deployed():
            raise self.not_deployed()

    def not_deployed(self) -> ToolError:
        """The error of a command that needs a deployment where there is none."""
        if self.settings.target == "local":
            return ToolError(
                f"{self.suffix} is not deployed to the local cloud: run `make up`."
            )
        return ToolError(
            f"{self.suffix} is not deployed to AWS in {self.settings.aws_region}, or "
            "its state is elsewhere: run `make deploy`, or name the bucket of its "
            "state with STATE_BUCKET."
        )

    def _outputs_from_the_bucket(self) -> dict[str, Any]:
        # In a folder of its own: a deployment may be running in the other one.
        workspace = Workspace(self.workspace.folder / "outputs")
        with locks.held(workspace.folder / "lock", "outputs", timeout=LONGEST_WAIT_S):
            return self.prepare(self.synthesise(Plain()), workspace).outputs()

    def _terraform(self, workspace: Workspace) -> "Terraform":
        from tidemark.terraform import program as programs
        from tidemark.terraform import variables
        from tidemark.terraform.runner import Terraform

        program = programs.choose(self.settings.terraform)
        if self.settings.target == "aws":
            given = variables.for_aws(os.environ)
            return Terraform(workspace.folder, given, program, patient=True)
        given = variables.for_local_cloud(os.environ)
        return Terraform(workspace.folder, given, program)
