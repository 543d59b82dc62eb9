"""Apply a stack to the local cloud, also after an apply that was killed.

Terraform completes most of what was interrupted. Otherwise what a killed apply created
is imported. If that fails and there can be no data yet, the local cloud is emptied.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tidemark import orphaned_resources
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terraform import state_repair
from tidemark.terraform.premade import creation
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import Session


@dataclass(frozen=True, slots=True)
class LocalApply:
    """An apply to an environment; `deployed` is the session that it ends with."""

    environment: Environment
    terraform: Terraform
    deployed: Session
    progress: Progress

    def run(self) -> None:
        """Apply it. Raises `ToolError`."""
        workspace = self.environment.workspace
        session = replace(self.deployed, id=self.environment.session_id())
        with self.progress.step(f"Deploying {self.environment.suffix}") as step:
            workspace.mark(workspace.session.changing(session.id))
            state_repair.repair_after_failure(self.terraform)
            creation.create_missing(workspace, self.environment.clients.of)
            with state_repair.change_of(self.terraform):
                self.terraform.apply(step)
            workspace.mark(session)

    def complete(self) -> None:
        """Apply it where the last apply was not completed. Raises `ToolError`."""
        try:
            self._run_with(iter([self._import_orphans, self._start_over]))
        finally:
            orphaned_resources.forget_imports(self.terraform)

    def _run_with(self, remedies: Iterator[Callable[[], bool]]) -> None:
        try:
            self.run()
        except ToolError:
            if not any(remedy() for remedy in remedies):
                raise
            self._run_with(remedies)

    def _import_orphans(self) -> bool:
        if not orphaned_resources.import_next(self.environment, self.terraform):
            return False
        self.progress.note("Importing what the interrupted deployment created.")
        return True

    def _start_over(self) -> bool:
        workspace = self.environment.workspace
        if workspace.cloud_may_hold_data():
            self.progress.note(
                "The local cloud keeps its data. If the cause cannot be corrected, "
                "`make down` and `make up` start over with an empty one."
            )
            return False
        self.progress.note(
            "The last deployment was interrupted and cannot be completed: starting "
            "over with an empty local cloud."
        )
        orphaned_resources.forget_imports(self.terraform)
        self.environment.cloud.restart()
        workspace.retire_state()
        return True
