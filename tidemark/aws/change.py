"""`make deploy`, `make plan` and `make destroy` on AWS: say where, plan, check, show,
ask, do.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from infra.settings import Settings
from tidemark import approval, console, deployment, healing, locks
from tidemark.aws import bucket, checks, names, ownership
from tidemark.aws.account import Account
from tidemark.aws.remains import remains
from tidemark.aws.unfinished import Unfinished
from tidemark.clients import Clients
from tidemark.errors import ToolError
from tidemark.plan import Plan
from tidemark.progress import Progress
from tidemark.state import State
from tidemark.terraform import Terraform
from tidemark.workspace import Workspace


@dataclass(slots=True)
class Operation:
    """A change of one environment, under way."""

    settings: Settings
    progress: Progress
    clients: Clients
    account: Account
    tool: Terraform
    unfinished: Unfinished

    @classmethod
    @contextmanager
    def begun(
        cls, settings: Settings, progress: Progress, *, command: str
    ) -> Iterator["Operation"]:
        """Alone at the environment, with its state at hand and the right account."""
        workspace = Workspace.of(settings)
        clients = Clients(settings)
        account = Account.of(clients)
        _tell(account.line(settings))
        with locks.held(workspace.folder / "lock", command):
            if deployment.in_a_bucket(settings):
                bucket.check(clients)
                workspace.take_out_of_sight()
            stack = deployment.synthesised(settings, progress)
            tool = deployment.prepared(settings, workspace, stack)
            unfinished = Unfinished(tool.folder)
            operation = cls(settings, progress, clients, account, tool, unfinished)
            operation._gather(workspace)
            try:
                yield operation
            finally:
                tool.forget_plan()

    def _gather(self, workspace: Workspace) -> None:
        """Have one state, of the right environment, that says what runs."""
        ownership.check(self.tool.state(), self.account, self.settings)
        for stray in workspace.strays():
            document = json.loads(stray.read_text())
            ownership.check(State(document), self.account, self.settings)
            self.tool.push_state(stray)
            stray.unlink()
        self.unfinished.forget_imports()
        healing.heal(self.tool)

    def planned(self, *, destroy: bool = False) -> Plan:
        """Plan and show it."""
        with self.progress.step(f"Planning {self._suffix}"):
            plan = self.tool.plan(destroy=destroy)
            while not destroy and self._import_what_is_found(plan):
                plan = self.tool.plan()
        for line in plan.lines():
            console.out.print(line, soft_wrap=True, markup=False)
        if plan.changes:
            _tell(f"All of it: {self.tool.keep_description()}")
        return plan

    def _import_what_is_found(self, plan: Plan) -> bool:
        return self.unfinished.import_next(names.held(plan, self.clients))

    def check(self, plan: Plan) -> None:
        """Raise ToolError for what AWS would refuse half-way through."""
        findings = checks.check(plan, self.clients)
        _tell(*findings.notes)
        if findings.problems:
            raise ToolError("\n".join(findings.problems))

    def approve(self, verb: str, *, approved: bool) -> None:
        """Ask, unless it was said beforehand; raises ToolError but for a yes."""
        where = f"account {self.account.id}, {self.settings.aws_region}"
        approval.ask(f"{verb} {self._suffix} in {where}?", approved=approved)

    def apply(self, plan: Plan, doing: str) -> None:
        """Do what was planned."""
        self.unfinished.begin(plan)
        try:
            with (
                self.progress.step(f"{doing} {self._suffix}") as step,
                healing.change_of(self.tool),
            ):
                self.tool.apply_plan(step, total=len(plan.changes))
        except ToolError:
            self.progress.note(
                "What it had not come to is as before. Mend the cause; the same "
                "command takes up from here."
            )
            raise
        self.unfinished.end()

    def left(self) -> list[str]:
        """What answers to the environment's names although its state is empty."""
        with self.progress.step("Looking for what is left"):
            found = list(names.held(self.tool.plan(), self.clients))
        there = [f"{e.word} {e.name}" for e in found if isinstance(e, names.Held)]
        if not there:
            return []
        return [
            f"Still there: {', '.join(there)}. A queue may take a minute to go; "
            "anything else was made by a command that was killed: remove it by hand."
        ]

    @property
    def _suffix(self) -> str:
        return self.settings.environment_suffix


def plan(settings: Settings, progress: Progress) -> None:
    """Show what a deployment would change."""
    with Operation.begun(settings, progress, command="make plan") as operation:
        operation.check(operation.planned())


def deploy(settings: Settings, progress: Progress, *, approved: bool) -> None:
    """Make the environment what sources and settings say."""
    with Operation.begun(settings, progress, command="make deploy") as operation:
        plan = operation.planned()
        operation.check(plan)
        if not plan.empty:
            operation.approve("Deploy", approved=approved)
            operation.apply(plan, "Deploying")


def destroy(settings: Settings, progress: Progress, *, approved: bool) -> list[str]:
    """Remove the environment; what AWS keeps of it, line by line."""
    with Operation.begun(settings, progress, command="make destroy") as operation:
        if operation.tool.state().empty:
            return [f"{settings.environment_suffix} is not deployed."]
        plan = operation.planned(destroy=True)
        operation.approve("Destroy", approved=approved)
        operation.apply(plan, "Destroying")
        left = operation.left()
        Workspace.of(settings).set_state_aside()
        return [f"{settings.environment_suffix} is destroyed.", *left, *remains(plan)]


def _tell(*lines: str) -> None:
    for line in lines:
        console.err.print(line, soft_wrap=True, markup=False)
